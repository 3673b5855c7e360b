import type { Finding, RuleInfo } from "@lockscope/analyzer";
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver/node";
import type { ClientFeatures } from "../protocol/client-features.js";

export interface ConvertContext {
  readonly features: ClientFeatures;
  readonly ruleInfo: (id: string) => RuleInfo | undefined;
  readonly uriOf: (file: string) => string;
}

/** The analyzer's finding as LSP says it. Code actions look findings up again, so no `data` goes along. */
export function toDiagnostic(finding: Finding, { features, ruleInfo, uriOf }: ConvertContext): Diagnostic {
  const diagnostic: Diagnostic = {
    range: finding.range,
    severity: finding.severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code: finding.rule,
    source: "lockscope",
    message: finding.message,
  };
  const href = ruleInfo(finding.rule)?.url;
  if (href) diagnostic.codeDescription = { href };
  if (features.unnecessaryTag && finding.rule === "unused-suppression") {
    diagnostic.tags = [DiagnosticTag.Unnecessary];
  }
  if (features.relatedInformation && finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.map(({ file, range, message }) => ({
      location: { uri: uriOf(file), range },
      message,
    }));
  }
  return diagnostic;
}
