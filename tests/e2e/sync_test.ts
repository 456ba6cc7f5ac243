import { assertEquals, assertMatch } from "@std/assert";
import { fromSource, type Outcome } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

function said({ code, stdout, stderr }: Outcome): string {
  return `${code} ${stdout}${stderr}`;
}

Deno.test("dfs sync, conflicts, resolve and verify work together from the command line", async () => {
  await using temp = await TempFolder.make();
  await using server = await fromSource.serve(temp.folder("data"));
  const [a, b] = [temp.folder("a"), temp.folder("b")];
  const dfs = async (...args: string[]): Promise<string> => said(await fromSource.run(args));
  const write = (path: string, text: string): void => Deno.writeTextFileSync(path, text);

  write(`${a}/f.txt`, "old\n");
  write(`${a}/keep`, "1");
  assertMatch(await dfs("sync", a, "--remote", server.url), /^0 up: 2 added.*synchronized at revision 1 \(2 files/);
  assertMatch(await dfs("sync", b, "--remote", server.url), /^0 down: 2 added.*synchronized at revision 1/);

  write(`${a}/f.txt`, "theirs\n");
  write(`${b}/f.txt`, "ours\n");
  Deno.renameSync(`${b}/keep`, `${b}/moved`);
  await dfs("sync", a);
  const plan = await dfs("sync", b, "--conflicts", "manual", "--dry-run");
  assertMatch(plan, /^0 up {3}moved {4}keep -> moved\n/);
  assertMatch(plan, /conflict f\.txt: both stay as they are; see dfs conflicts\n/);
  assertMatch(await dfs("sync", b, "--conflicts", "manual"), /not equal to it yet\n$/);
  assertMatch(await dfs("conflicts", "--dir", b), /^0 waiting {2}f\.txt: here 5 B, on the server 7 B\n$/);
  assertMatch(await dfs("conflicts", "show", "f.txt", "--dir", b), /-ours\n\+theirs\n$/);
  assertMatch(await dfs("status", b), /Waiting for a decision \(see dfs conflicts\):\n {2}f\.txt\n/);

  assertMatch(await dfs("resolve", "f.txt", "--dir", b), /^2 dfs: dfs resolve needs one decision\n/);
  assertMatch(await dfs("resolve", "keep", "--ours", "--dir", b), /^1 dfs: There is no conflict at "keep"\n/);
  assertMatch(await dfs("conflicts", "list", "--dir", b), /^2 dfs: "list" is nothing that dfs conflicts does\n/);
  assertMatch(await dfs("resolve", "f.txt", "--ours", "--dir", b), /^0 Resolved f\.txt/);
  assertMatch(await dfs("sync", b), /^0 up: 1 modified.*synchronized at revision 4/);
  assertMatch(await dfs("conflicts", "--dir", b), /^0 No conflicts\n$/);

  const report = JSON.parse((await dfs("sync", a, "--json")).slice(2));
  assertEquals([report.direction, report.synchronized, report.revision], ["sync", true, 4]);
  assertEquals(Deno.readTextFileSync(`${a}/f.txt`), "ours\n");
  assertMatch(await dfs("verify", a), /^0 Every file was read: synchronized at revision 4\n$/);
});

Deno.test("dfs sync tells a policy and a pattern that it does not know", async () => {
  await using temp = await TempFolder.make();
  const outcome = said(
    await fromSource.run(["sync", temp.path, "--remote", "http://127.0.0.1:1", "--conflicts", "newest"]),
  );
  assertMatch(outcome, /^2 dfs: .*newest/);
});
