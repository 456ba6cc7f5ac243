import { assertEquals } from "@std/assert";
import { LookBoard } from "../../../lib/client/folder/look_board.ts";
import { type AheadLook, DirectoryLook, type DiskStat } from "../../../lib/sync/mod.ts";

function stat(fields: Partial<DiskStat>): DiskStat {
  return { kind: "file", size: 0, mode: 0o644, mtimeMs: 0, mtimeRestNs: undefined, ctimeMs: 0, inode: 1, ...fields };
}

const look = DirectoryLook.of([
  { name: "file", stat: stat({ size: 2 ** 50, mtimeMs: -1, mtimeRestNs: 999_999, ctimeMs: 1_700_000_000_123.456 }) },
  { name: "größe \u{1f600}\n", stat: stat({ kind: "directory", mode: 0o1777 }) },
  { name: "link", stat: stat({ kind: "symlink", mtimeMs: NaN }) },
  { name: "pipe", stat: stat({ kind: "other", inode: 0 }) },
]);
const found: AheadLook = { inode: 2 ** 52 + 1, look };

Deno.test("LookBoard gives on the one side what was told on the other", () => {
  const walk = LookBoard.of(3, 10);
  const thread = new LookBoard(walk.shared);
  const empty = { inode: 7, look: DirectoryLook.of([]) };
  for (const [directory, one] of [[2, found], [0, empty], [1, found]] as const) {
    assertEquals(thread.begin(directory), true);
    assertEquals(thread.tell(directory, one), true);
  }
  assertEquals(walk.take(0), empty);
  assertEquals(walk.take(1), found);
  assertEquals(walk.take(2), found);
});

Deno.test("LookBoard lets each directory be looked into on one side only", () => {
  const walk = LookBoard.of(2, 10);
  const thread = new LookBoard(walk.shared);
  assertEquals(walk.take(0), undefined);
  assertEquals(thread.begin(0), false);
  assertEquals(thread.begin(1), true);
  // It may take long: nobody waits for it.
  assertEquals(walk.take(1), undefined);
});

Deno.test("LookBoard tells when there is no room", () => {
  const board = LookBoard.of(2, 5);
  assertEquals(board.tell(0, found), true);
  const long = look.names.map((_, index) => ({ name: "x".repeat(200), stat: look.statAt(index) }));
  assertEquals(board.tell(1, { inode: 1, look: DirectoryLook.of(long) }), false);
  assertEquals(board.take(0), found);
  assertEquals(board.take(1), undefined);
});
