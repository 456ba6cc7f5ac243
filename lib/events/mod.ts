/**
 * What happens, told to whoever wants to know. A typed bus over `EventTarget` carries events from the layers that make
 * them to components that know nothing of those layers: logger, metrics, sync monitor, audit journal, live feed. One table,
 * {@linkcode eventTypes}, declares every event; types, JSON form, checks, levels and documentation derive from it. Clock,
 * ids, timers and outputs come in as arguments. Only `core` is imported.
 *
 * @module
 */
export {
  appendAudit,
  type AuditChain,
  auditChainAfter,
  type AuditRecord,
  emptyAuditChain,
  verifyAudit,
} from "./audit_chain.ts";
export { AuditFile, auditRecordBytesMax, type AuditStore } from "./audit_file.ts";
export { AuditJournal, auditPendingMax } from "./audit_journal.ts";
export { type Component } from "./component.ts";
export { type ComponentError, ComponentRegistry } from "./component_registry.ts";
export { type Correlation, correlationFields, correlationOf } from "./correlation.ts";
export { Counter } from "./counter.ts";
export { EventBatch, type EventBatchParts } from "./event_batch.ts";
export { batchEventsMax, deferredEventsMax, errorTextUnitsMax, EventBus } from "./event_bus.ts";
export {
  type BusCounts,
  type EventBusOptions,
  type EventHandler,
  type SubscribeOptions,
  type WaitError,
  type WaitOptions,
} from "./event_bus_options.ts";
export { eventProblem, fieldsOf, isEvent } from "./event_check.ts";
export { eventDocs, eventJsonSchema } from "./event_docs.ts";
export { eventFromJson, type EventJson, eventToJson } from "./event_json.ts";
export { EventLogger } from "./event_logger.ts";
export { EventMetrics } from "./event_metrics.ts";
export {
  allEventTypes,
  type EventGroup,
  type EventPattern,
  type GroupOf,
  isEventType,
  matchesPattern,
  type Matching,
  parseEventPattern,
  type TypesOf,
} from "./event_pattern.ts";
export { EventQueue, type EventQueueOptions, type OverflowPolicy, type PushOutcome } from "./event_queue.ts";
export {
  type EventDeclaration,
  type Field,
  type FieldKind,
  type Fields,
  type Level,
  type OptionalKeys,
  type PayloadOf,
  type RequiredKeys,
  type ValueOf,
} from "./event_schema.ts";
export { type AnyEvent, type DfsEvent, type EventMap, type EventType, eventTypes } from "./event_types.ts";
export { type FeedPosition, feedPositionUnitsMax, formatFeedPosition, parseFeedPosition } from "./feed_position.ts";
export { type FeedArchive, feedArchiveFile, type FeedArchiveFileOptions } from "./feed_archive.ts";
export { type FeedHistory } from "./feed_history.ts";
export { FeedEntry, FeedJournal, feedOriginsMax } from "./feed_journal.ts";
export { feedDroppedEvent, feedGapEvent, FeedReader, type FeedReaderOptions } from "./feed_reader.ts";
export type { ServerSentEventMessage } from "@std/http";
export { Gauge } from "./gauge.ts";
export { durationBuckets, Histogram, type HistogramDescription } from "./histogram.ts";
export {
  feedArchivedEventsMax,
  feedArchivedOriginsMax,
  type FeedError,
  type FeedRequest,
  feedTypes,
  LiveFeed,
  type LiveFeedOptions,
} from "./live_feed.ts";
export { formatLogJson, formatLogText, type LogFormat, type LogRecord } from "./log_format.ts";
export { BufferedSink, type BufferedSinkOptions, type ByteTarget, logBatchUnitsMax, type LogSink } from "./log_sink.ts";
export { type LogFields, Logger, type LoggerOptions, type LogOutput } from "./logger.ts";
export {
  type LabelValues,
  type MetricDescription,
  MetricFamily,
  type MetricType,
  type Sample,
  seriesMax,
} from "./metric_family.ts";
export { MetricsRegistry, prometheusMediaType } from "./metrics_registry.ts";
export { redact, redactedText, redactValue } from "./redact.ts";
export { RotatingFile, type RotatingFileOptions } from "./rotating_file.ts";
export { countingSequence, type Sequence } from "./sequence.ts";
export { monitoredMax, openConflictsMax, type RememberedState, SyncMonitor } from "./sync_monitor.ts";
export { type ReplicaOverview, type SessionOverview, type SpaceOverview, type SyncOverview } from "./sync_overview.ts";
export { systemTimers, type Timers } from "./timers.ts";
export { turnClock } from "./turn_clock.ts";
export {
  bridgeAcknowledgeMs,
  bridgeBatchEventsMax,
  type BridgeOptions,
  bridgeWorkers,
  type WorkerBridge,
} from "./worker_bridge.ts";
