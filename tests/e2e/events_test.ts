import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { verifyAudit } from "../../lib/events/mod.ts";
import { CuttingRelay } from "../support/cutting_relay.ts";
import { Follower } from "../support/follower.ts";
import { eventCount, metricsUntil } from "../support/metrics_until.ts";
import { fromSource as dfs } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

for (const server of [["async"], ["pool", "--workers", "2"]]) {
  Deno.test(`dfs events --follow shows pushes as they happen, each event once, served by ${server[0]}`, async () => {
    await using temp = await TempFolder.make();
    await using serving = await dfs.serve(temp.folder("data"), ["--server", ...server]);
    await using followers = new AsyncDisposableStack();
    // Several of them: in a pool they are readers of different workers.
    const following = Array.from({ length: 4 }, () => followers.use(new Follower(serving.url, ["--since", "none:0"])));
    for (const follower of following) await follower.until((event) => event.type === "server.started");
    const here = temp.folder("here", { "a": "1", "b": "2" });
    for (const round of [1, 2, 3]) {
      temp.write({ "here/a": `round ${round}` });
      assertEquals((await dfs.run(["push", here, "--remote", serving.url])).code, 0);
      for (const follower of following) {
        await follower.until((event) => event.type === "commit.applied" && event.detail["revision"] === round);
      }
    }
    for (const follower of following) {
      const changes = follower.events.flatMap(({ type, detail }) =>
        type.startsWith("file.") ? [`${type} ${detail["path"]} ${detail["revision"]}`] : []
      );
      assertEquals(changes, ["file.added a 1", "file.added b 1", "file.modified a 2", "file.modified a 3"]);
    }
    const metrics = await metricsUntil(serving.url, (found) => eventCount(found, "commit.applied") >= 3);
    assertEquals(eventCount(metrics, "commit.applied"), 3);
    assertEquals(metrics.get("dfs_space_revision")?.samples.map(({ value }) => value), [3]);

    await serving.end();
    const journal = Deno.readTextFileSync(`${temp.path}/data/audit.jsonl`).trimEnd().split("\n");
    assert(verifyAudit(journal).ok);
    const audited = journal.map((line) => JSON.parse(line).event.type);
    const pushes = [1, 2, 3].flatMap(() => ["commit.applied", "sync.completed"]);
    assertEquals(audited.toSorted(), [...pushes, "server.started", "server.stopping"].sort());
  });
}

Deno.test("dfs events --follow resumes without gap or repeat when it is cut in the middle", async () => {
  await using temp = await TempFolder.make();
  await using serving = await dfs.serve(temp.folder("data"));
  const names = Array.from({ length: 40 }, (_, number) => `file-${String(number).padStart(2, "0")}`);
  const here = temp.folder("here", Object.fromEntries(names.slice(0, 20).map((name) => [name, name])));
  await dfs.run(["push", here, "--remote", serving.url]);
  const [started] = (await dfs.run(["events", "--json", "--remote", serving.url])).stdout.split("\n");
  const { origin, id } = JSON.parse(started!);

  await using relay = new CuttingRelay(serving.url, [2345, 3456]);
  await using follower = new Follower(relay.url, ["--since", `${origin}:${id}`, "--type", "file.*"]);
  await follower.until((event) => event.detail["path"] === names[19]);
  for (const name of names.slice(20)) temp.write({ [`here/${name}`]: name });
  await dfs.run(["push", here]);
  await follower.until((event) => event.detail["path"] === names[39]);
  assertEquals(follower.events.map(({ detail }) => detail["path"]), names);
  assertEquals(relay.cuts, 2);
  const { code, stderr } = await follower.end();
  assertEquals(code, 0);
  assertStringIncludes(stderr, "The connection broke");
  assertEquals(stderr.includes("missing"), false, stderr);
});

Deno.test("dfs events shows names as text that does nothing to a terminal", async () => {
  await using temp = await TempFolder.make();
  await using serving = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "a\u001b[31mred": "1", "b\u202egpj.exe": "2" });
  assertEquals((await dfs.run(["push", here, "--remote", serving.url])).code, 0);
  const { code, stdout } = await dfs.run(["events", "--type", "file.added"], { cwd: here });
  assertEquals(code, 0);
  // deno-lint-ignore no-control-regex
  assertEquals(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(stdout), false, stdout);
  assertEquals(stdout.trimEnd().split("\n").length, 2);
});

Deno.test("dfs serve logs to a file in the format and from the level that it was told", async () => {
  await using temp = await TempFolder.make();
  const file = `${temp.path}/dfs.log`;
  const options = ["--log-file", file, "--log-format", "json", "--log-level", "debug"];
  await using serving = await dfs.serve(temp.folder("data"), options);
  const here = temp.folder("here", { "a": "1" });
  await dfs.run(["push", here, "--remote", serving.url]);
  assertEquals((await serving.end()).stderr, "SIGTERM: finishing what is in flight\n");
  const lines = Deno.readTextFileSync(file).trimEnd().split("\n").map((line) => JSON.parse(line));
  const messages = lines.map(({ message }) => message);
  for (const message of ["server.started", "http.request_completed", "file.added", "commit.applied"]) {
    assert(messages.includes(message), `No ${message} among ${messages}`);
  }
  assertEquals(messages.at(-1), "server.stopping");
});

Deno.test("dfs serve refuses options for the log that make no sense", async () => {
  await using temp = await TempFolder.make();
  for (const option of ["--log-level", "--log-format"]) {
    const { code, stderr } = await dfs.run(["serve", "--data-dir", `${temp.path}/data`, option, "loud"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `${option} takes`);
  }
});

Deno.test("dfs push --verbose tells how it began and ended", async () => {
  await using temp = await TempFolder.make();
  await using serving = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "a": "1" });
  const { code, stderr } = await dfs.run(["push", here, "--remote", serving.url, "--verbose"]);
  assertEquals(code, 0);
  assertMatch(stderr, /INFO {2}sync\.started .*direction=push[^]*INFO {2}sync\.completed .*filesUploaded=1/);
});
