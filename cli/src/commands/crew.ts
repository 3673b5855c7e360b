/** Where a thread of `lockscope check` begins. */
import { serveCrew } from "@lockscope/analyzer";

serveCrew();
