import { AuditFile, AuditJournal, type Component } from "../events/mod.ts";

/** The audit journal in a file, which is opened when the component starts. */
export function auditComponent(path: string): Component {
  let journal: AuditJournal | undefined;
  return {
    name: "audit journal",
    async start(bus) {
      journal = new AuditJournal(await AuditFile.open(path));
      journal.start(bus);
    },
    stop: () => journal?.stop(),
  };
}
