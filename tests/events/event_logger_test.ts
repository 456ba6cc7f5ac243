import { assertEquals } from "@std/assert";
import {
  allEventTypes,
  EventBus,
  EventLogger,
  eventTypes,
  formatLogJson,
  formatLogText,
  Logger,
  redactedText,
} from "../../lib/events/mod.ts";
import { FakeTime, MemorySink } from "./fakes.ts";

Deno.test("Logger writes lines of its level and above to all outputs", async () => {
  const [text, json] = [new MemorySink(), new MemorySink()];
  {
    await using logger = new Logger({
      level: "warn",
      clock: new FakeTime(0),
      outputs: [{ format: formatLogText, sink: text }, { format: formatLogJson, sink: json }],
    });
    logger.debug("one");
    logger.info("two");
    logger.warn("three", { password: "hunter2" });
    logger.error("four token=hunter2");
    await logger.flush();
  }
  assertEquals(text.lines, [
    `1970-01-01T00:00:00.000Z WARN  three password="${redactedText}"`,
    `1970-01-01T00:00:00.000Z ERROR four token=${redactedText}`,
  ]);
  assertEquals(json.lines.map((line) => JSON.parse(line).level), ["warn", "error"]);
  assertEquals([text.closed, json.closed], [true, true]);
});

Deno.test("EventLogger writes each event at its level, at its time, without secrets", async () => {
  const time = new FakeTime(0);
  const sink = new MemorySink();
  const logger = new Logger({ clock: time, outputs: [{ format: formatLogText, sink }] });
  const bus = new EventBus({ origin: "test", clock: time });
  const component = new EventLogger(logger);
  component.start(bus);
  time.pass(1000);
  bus.emit("sync.failed", { space: "s", error: "Bearer abc.def was refused" });
  bus.emit("file.deleted", { space: "s", path: "p", revision: 1 });
  bus.emit("security.token_issued", { tokenId: "t1", rights: "read" });
  await component.stop();
  bus.emit("sync.failed", { space: "s", error: "after the end" });
  assertEquals(sink.lines, [
    `1970-01-01T00:00:01.000Z WARN  sync.failed space=s error="Bearer ${redactedText} was refused" id=1 origin=test`,
    "1970-01-01T00:00:01.000Z INFO  security.token_issued tokenId=t1 rights=read id=2 origin=test",
  ]);
});

Deno.test("EventLogger subscribes only to what is written", () => {
  const bus = new EventBus();
  const logger = new Logger({ level: "error", clock: new FakeTime(), outputs: [] });
  new EventLogger(logger).start(bus);
  assertEquals(
    allEventTypes.filter((type) => bus.wants(type)),
    allEventTypes.filter((type) => eventTypes[type].level === "error"),
  );
});
