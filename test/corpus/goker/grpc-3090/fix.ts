// grpc-3090, mended: the wrapper is locked until its resolver is assigned, and the polling task takes that lock.
import { go, gosched, Mutex } from "@lockscope/sync";

class Resolver {
  resolved = 0;
  resolveNow(): void {
    this.resolved++;
  }
}

class ResolverWrapper {
  readonly resolverMu = new Mutex({ name: "resolverMu" });
  resolver: Resolver | undefined;

  updateState(): void {
    this.#poll();
  }

  #poll(): void {
    go(() => this.resolverMu.withLock(() => this.resolver?.resolveNow()), { name: "poll" });
  }
}

async function build(wrapper: ResolverWrapper): Promise<Resolver> {
  wrapper.updateState();
  await gosched();
  return new Resolver();
}

async function newResolverWrapper(): Promise<ResolverWrapper> {
  const wrapper = new ResolverWrapper();
  using _guard = await wrapper.resolverMu.acquire();
  wrapper.resolver = await build(wrapper);
  return wrapper;
}

export default async function scenario(): Promise<void> {
  await newResolverWrapper();
}
