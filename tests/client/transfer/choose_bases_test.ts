import { assertEquals } from "@std/assert";
import { chooseBases } from "../../../lib/client/transfer/choose_bases.ts";
import { deltaBaseBytesMax, deltaTargetBytesMax } from "../../../lib/sync/delta/mod.ts";
import { contentOf } from "../../metadata/store/fixtures.ts";

const chunk = 256 * 1024;
const bytesMin = 4096;

function base(name: string, length = chunk) {
  return { hash: contentOf(name), length };
}

function target(name: string, bases: readonly ReturnType<typeof base>[], bytes = chunk) {
  return { hash: contentOf(name), bytes, replaces: () => bases };
}

Deno.test("chooseBases() names each earlier chunk once", () => {
  const targets = [target("a", [base("1"), base("2")]), target("b", [base("2"), base("3")])];
  const choice = chooseBases(targets, bytesMin);
  assertEquals(choice.bases, [base("1"), base("2"), base("3")]);
  assertEquals(choice.targets, targets);
});

Deno.test("chooseBases() leaves out short chunks, and those that nothing is known to be like", () => {
  const short = target("short", [base("1")], bytesMin - 1);
  const plain = { hash: contentOf("plain"), bytes: chunk };
  assertEquals(chooseBases([short, plain, target("none", [])], bytesMin), { bases: [], targets: [] });
});

Deno.test("chooseBases() keeps within what one delta may be made against, and may make", () => {
  const many = Array.from({ length: 100 }, (_, index) => base(`${index}`));
  assertEquals(chooseBases([target("a", many)], bytesMin).bases.length, deltaBaseBytesMax / chunk);
  const targets = Array.from({ length: 100 }, (_, index) => target(`new ${index}`, [base("1")]));
  assertEquals(chooseBases(targets, bytesMin).targets.length, deltaTargetBytesMax / chunk);
  const late = [target("a", many), target("b", [base("late")]), target("c", [base("3")])];
  assertEquals(chooseBases(late, bytesMin).targets.map(({ hash }) => hash), [contentOf("a"), contentOf("c")]);
});
