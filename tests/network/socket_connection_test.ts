import { assertEquals } from "@std/assert";
import { socketConnection } from "../../lib/network/mod.ts";

Deno.test("socketConnection() sets TCP_NODELAY with the second write, and only once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  using socket = await listener.accept();
  const calls: unknown[] = [];
  Object.defineProperty(socket, "setNoDelay", { value: (noDelay: unknown) => calls.push(noDelay) });
  const connection = socketConnection(socket);
  const counts: number[] = [];
  for (let i = 0; i < 4; i++) {
    await connection.write(new Uint8Array(1));
    counts.push(calls.length);
  }
  assertEquals([counts, calls], [[0, 1, 1, 1], [true]]);
  await client.read(new Uint8Array(4));
});
