/** A journal's records in memory, for tests that look at them or cut them off. */
import type { EffectRecord, RecordLog } from "../../src/drivers/effect_record.ts";

/** Keeps records; `batches` tells which were written together. */
export class TestLog implements RecordLog {
  records: readonly EffectRecord[];
  readonly batches: (readonly EffectRecord[])[] = [];
  readonly dropped: string[] = [];
  /** Throws at this write, counted from 0. */
  failAt = Infinity;

  constructor(records: readonly EffectRecord[] = []) {
    this.records = records;
  }

  append(records: readonly EffectRecord[]): void {
    if (this.batches.length >= this.failAt) throw new Error("the disk is gone");
    this.batches.push(records);
    const paths = new Set(records.map(({ path }) => path));
    this.records = [...this.records.filter(({ path }) => !paths.has(path)), ...records];
  }

  drop(paths: readonly string[]): void {
    this.dropped.push(...paths);
    this.records = this.records.filter(({ path }) => !paths.includes(path));
  }

  /** A copy with the first records alone, as a crash leaves it. */
  cut(count: number): TestLog {
    return new TestLog(this.records.slice(0, count));
  }
}
