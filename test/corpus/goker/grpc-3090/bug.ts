// grpc-3090: building a resolver reports a first state, which starts a polling task; the task uses the wrapper's
// resolver, which is assigned only when building is over.
import { go, gosched } from "@lockscope/sync";

class Resolver {
  resolved = 0;
  resolveNow(): void {
    this.resolved++;
  }
}

class ResolverWrapper {
  resolver: Resolver | undefined;

  updateState(): void {
    this.#poll();
  }

  #poll(): void {
    go(() => this.resolver!.resolveNow(), { name: "poll" });
  }
}

async function build(wrapper: ResolverWrapper): Promise<Resolver> {
  wrapper.updateState();
  await gosched();
  return new Resolver();
}

async function newResolverWrapper(): Promise<ResolverWrapper> {
  const wrapper = new ResolverWrapper();
  wrapper.resolver = await build(wrapper);
  return wrapper;
}

export default async function scenario(): Promise<void> {
  await newResolverWrapper();
}
