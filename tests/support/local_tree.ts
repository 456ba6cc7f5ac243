import { assert } from "@std/assert";
import type { Clock, SafePath } from "../../lib/core/mod.ts";
import {
  ContentReader,
  type Disk,
  emptyTreeOf,
  type LocalNode,
  scanFolder,
  type Tree,
  withChanges,
} from "../../lib/sync/mod.ts";

/** Everything in a folder, read: what a client knows of it afterwards. Nothing in it may be in the way. */
export async function readFolder(disk: Disk, clock: Clock): Promise<Tree<LocalNode>> {
  const scan = scanFolder(disk, emptyTreeOf(), {});
  assert(scan.problems.length === 0, JSON.stringify(scan.problems));
  const reader = new ContentReader(disk, { clock });
  const nodes: [SafePath, LocalNode][] = [];
  for (const file of scan.unread) {
    const content = await reader.read(file);
    assert("node" in content, JSON.stringify(content));
    nodes.push([content.path, content.node]);
  }
  return withChanges(scan.tree, nodes);
}
