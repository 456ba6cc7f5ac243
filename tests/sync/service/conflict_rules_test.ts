import { assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../../lib/core/mod.ts";
import { EventBus } from "../../../lib/events/mod.ts";
import { eventTypes } from "../../../lib/events/mod.ts";
import type { ConflictRules } from "../../../lib/metadata/mod.ts";
import { MaintenanceService } from "../../../lib/sync/service/mod.ts";
import { ServiceFixture, space } from "../../support/service_fixture.ts";

const rules: ConflictRules = { rules: [{ pattern: "*.md", policy: "merge" }], default: "manual" };

Deno.test("setConflictRules() sets what the head tells, and announces it for the audit journal", async () => {
  const { metadata, chunks, time, service } = await ServiceFixture.make();
  const events = new EventBus();
  const told: unknown[] = [];
  events.on("conflict.*", ({ type, detail }) => void told.push([type, detail]));
  const maintenance = new MaintenanceService({ metadata, chunks, clock: time, events });
  assertEquals(await maintenance.conflictRules(space), { rules: [] });
  assertEquals(await maintenance.setConflictRules(space, rules), rules);
  assertEquals([await maintenance.conflictRules(space), (await service.head(space))?.conflicts], [rules, rules]);
  assertEquals(await maintenance.setConflictRules(space, { rules: [] }), { rules: [] });
  assertEquals(told, [
    ["conflict.policies_changed", { space, policies: "*.md=merge,manual" }],
    ["conflict.policies_changed", { space, policies: "" }],
  ]);
  assertEquals(eventTypes["conflict.policies_changed"].audit, true);
  for (const call of [() => maintenance.conflictRules("none"), () => maintenance.setConflictRules("none", rules)]) {
    assertEquals((await assertRejects(call, Failure, "There is no space")).kind, "not_found");
  }
});
