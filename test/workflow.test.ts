import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { isAttachOver, isOver } from '../shared/domain/model/outcome.ts';
import { makePlan } from '../shared/domain/plan/plan.ts';
import type {
  Approval,
  AttachState,
  Control,
  RestartState,
  Rollout,
  RolloutInstance,
  WaitingFor,
} from '../shared/domain/model/rollout.ts';
import { TRANSITIONS } from '../tools/simulate/transitions.ts';
import { aRequest, aSnapshot, NO_WINDOW, NOW_MS, sha256 } from './models/builders.ts';
import { aWorld, KEY_PAIR, rolloutIn } from './models/world.ts';

/** What `docs/workflow.md` draws of one machine: `[*]` is where it begins and ends. */
interface Diagram {
  readonly states: readonly string[];
  readonly initial: readonly string[];
  readonly final: readonly string[];
  /** As in the table of the simulation, `restart: due → claimed`. */
  readonly transitions: readonly string[];
}

type Machine = 'attach' | 'restart' | 'phase' | 'control' | 'approval';

/** The kinds of the types; the compiler sees to it that none is missing or made up. */
const KINDS: Record<Machine, readonly string[]> = {
  attach: kinds<AttachState['kind']>({
    due: 1,
    waiting: 1,
    unknown: 1,
    attached: 1,
    failed: 1,
    skipped: 1,
  }),
  restart: kinds<RestartState['kind']>({
    none: 1,
    due: 1,
    claimed: 1,
    booting: 1,
    ready: 1,
    failed: 1,
    dropped: 1,
    unknown: 1,
  }),
  phase: kinds<Rollout['phase']>({ open: 1, closing: 1, done: 1 }),
  control: kinds<Control['kind']>({ going: 1, paused: 1, halted: 1, aborted: 1 }),
  approval: kinds<Approval['state']>({
    waiting: 1,
    approved: 1,
    denied: 1,
    expired: 1,
    changed: 1,
  }),
};

const REASONS = kinds<Exclude<WaitingFor, ''>>({
  approval: 1,
  paused: 1,
  halted: 1,
  stopped: 1,
  window: 1,
  freeze: 1,
  bake: 1,
  gate: 1,
  budget: 1,
  group: 1,
  unavailable: 1,
});

function kinds<K extends string>(all: Record<K, 1>): readonly string[] {
  return Object.keys(all).toSorted();
}

const PAGE = readFileSync(new URL('../docs/workflow.md', import.meta.url), 'utf8');

function diagrams(): Map<string, Diagram> {
  const found = new Map<string, Diagram>();
  for (const [, text] of PAGE.matchAll(/```mermaid\n([^`]*)```/g)) {
    const name = /^title: (\w+)$/m.exec(text!)![1]!;
    const arrows = [...text!.matchAll(/^ {2}(\S+) --> (\S+)$/gm)].map(([, a, b]) => [a!, b!]);
    const states = new Set(arrows.flat().filter((state) => state !== '[*]'));
    found.set(name, {
      states: [...states].toSorted(),
      initial: arrows.flatMap(([a, b]) => (a === '[*]' ? [b!] : [])).toSorted(),
      final: arrows.flatMap(([a, b]) => (b === '[*]' ? [a!] : [])).toSorted(),
      transitions: arrows
        .filter((arrow) => !arrow.includes('[*]'))
        .map(([a, b]) => `${name}: ${a} → ${b}`)
        .toSorted(),
    });
  }
  return found;
}

test('each machine is drawn with the states of its type, all of them', ({ expect }) => {
  const drawn = Object.fromEntries([...diagrams()].map(([name, { states }]) => [name, states]));

  expect(drawn).toEqual(KINDS);
});

/** That each is taken, and no other, is what `npm run simulate` and its test enforce. */
test('exactly the transitions that the simulation takes are drawn', ({ expect }) => {
  const drawn = [...diagrams().values()].flatMap(({ transitions }) => transitions);

  expect(drawn.toSorted()).toEqual([...TRANSITIONS].toSorted());
});

test('where an instance begins is where plans let it begin', ({ expect }) => {
  const memory = {
    instanceId: 'i-bound',
    holder: null,
    bound: { ...KEY_PAIR, atMs: NOW_MS },
    readyAtMs: null,
    previousKeyPairName: null,
    doubtAtMs: null,
    notRunningAtMs: null,
    launch: null,
  };
  const snapshots = [
    aSnapshot({ instanceId: 'i-new', status: 'Pending' }),
    aSnapshot({ instanceId: 'i-running' }),
    aSnapshot({ instanceId: 'i-stopped', status: 'Stopped' }),
    aSnapshot({ instanceId: 'i-windows', osType: 'windows' }),
    aSnapshot({ instanceId: 'i-bound', keyPairName: KEY_PAIR.name }),
  ];
  const { instances } = makePlan(
    aRequest({ instanceIds: snapshots.map(({ instanceId }) => instanceId) }),
    {
      keyPair: KEY_PAIR,
      snapshots: new Map(snapshots.map((one) => [one.instanceId, one])),
      memories: new Map([[memory.instanceId, memory]]),
      optOut: NO_WINDOW,
    },
    { nowMs: NOW_MS, ownerUntilMs: NOW_MS },
    sha256,
  );
  const begun = (of: (one: RolloutInstance) => string) =>
    [...new Set(instances.map(of))].toSorted();

  expect(begun(({ attach }) => attach.kind)).toEqual(diagrams().get('attach')!.initial);
  expect(begun(({ restart }) => restart.kind)).toEqual(diagrams().get('restart')!.initial);
});

test('where an instance ends is where nothing more is done for it', async ({ expect }) => {
  const [instance] = rolloutIn(await aWorld().ask()).instances;
  const attachEnds = KINDS.attach.filter((kind) =>
    isAttachOver({ ...instance!, attach: { kind } as AttachState }),
  );
  const restartEnds = KINDS.restart.filter((kind) =>
    isOver({ ...instance!, restart: { kind } as RestartState }),
  );

  expect(attachEnds).toEqual(diagrams().get('attach')!.final);
  expect(restartEnds).toEqual(diagrams().get('restart')!.final);
});

test('every reason for which nothing moves is explained', ({ expect }) => {
  const [, section] = /## Why a rollout waits\n([^]*?)\n## /.exec(PAGE)!;
  const explained = [...section!.matchAll(/^\| `(?!waitingFor)(\w+)` +\|/gm)].map(([, it]) => it!);

  expect(explained.toSorted()).toEqual(REASONS);
});
