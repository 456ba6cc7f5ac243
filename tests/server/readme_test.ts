import { assertEquals } from "@std/assert";
import { serveSessions, SessionApi } from "./session_api.ts";
import { TempFolder } from "../support/temp_folder.ts";

const readme = Deno.readTextFileSync(new URL("../../lib/server/README.md", import.meta.url));
const script = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines = ""]) => lines).join("");

/** Whether there is a shell with what the lines use, and a curl that knows `--json`. */
async function hasTools(): Promise<boolean> {
  try {
    const probe =
      "for tool in sha256sum od tr sed cut cmp; do command -v $tool >/dev/null || exit 1; done; curl --help all";
    const { success, stdout } = await new Deno.Command("sh", { args: ["-c", probe], stdout: "piped" }).output();
    return success && new TextDecoder().decode(stdout).includes("--json");
  } catch {
    return false;
  }
}

Deno.test({
  name: "the curl lines of the server's README run a whole session (ignored without curl and a shell)",
  ignore: !await hasTools(),
  async fn() {
    await using temp = await TempFolder.make();
    await using served = await serveSessions(temp.folder("data"));
    const folder = temp.folder("work");
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-eu", "-c", script.replaceAll("curl ", "curl --silent --show-error --fail-with-body --write-out '\\n' ")],
      env: { DFS: served.api.url },
      cwd: folder,
      stdout: "piped",
      stderr: "piped",
    }).output();
    const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, complaint], [0, ""], said);
    const answers = said!.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    const states = answers.flatMap(({ state, session_id }) => session_id === undefined ? [] : [state]);
    assertEquals(states, ["TransferringFiles", "Complete", "TransferringFiles", "Complete"], said);
    const [, shown = ""] = /^```json\n(.*?)^```$/ms.exec(readme) ?? [];
    const compared = answers.find((answer) => "files_to_upload" in answer);
    assertEquals({ ...compared, ...JSON.parse(shown) }, compared);
    const api = new SessionApi(served.api.url);
    assertEquals(await api.download("note.txt"), "Hello, dfs\n");
    assertEquals(Deno.statSync(`${folder}/copy-of-photo.raw`).size, 1_500_000);
  },
});
