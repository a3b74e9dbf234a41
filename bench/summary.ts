import type { ColdStartTimes, Measured, PartName, Results } from './results.ts';

const FUNCTIONS = ['attach', 'launch', 'restart', 'chat'] as const;

/** The numbers to quote, by part: medians, and ratios of Latchkey over the others. */
export function summaryOf(results: Results): Partial<Record<PartName, unknown>> {
  const { coldStart, deployedColdStart, fleet, warm, growth } = results;
  return {
    ...(coldStart && { coldStart: coldStartSummary(coldStart.result) }),
    ...(deployedColdStart && {
      deployedColdStart: deployedColdStart.result && coldStartSummary(deployedColdStart.result),
    }),
    ...(fleet && { fleet: fleetSummary(fleet.result) }),
    ...(warm && { warm: warmSummary(warm.result) }),
    ...(growth && { growth: growth.result.growth }),
  };
}

/** `vsBare` compares whole processes, because bare Node makes no call. The others compare the first signed call. */
function coldStartSummary(subjects: Measured['coldStart']): Record<string, unknown> {
  const { bare, handWritten, sdkInstalled } = subjects;
  return Object.fromEntries(
    FUNCTIONS.flatMap((name) => {
      const ours = subjects[name];
      if (ours === undefined) return [];
      return [
        [
          name,
          {
            importMs: ours.importMs.median,
            firstCallMs: ours.firstCallMs?.median ?? null,
            firstEcsMs: ours.firstEcsMs?.median ?? null,
            vsBare: ratio(ours.processMs.median, bare?.processMs.median),
            vsHandWritten: ratio(firstCall(ours), firstCall(handWritten)),
            vsSdkInstalled: ratio(firstCall(ours), firstCall(sdkInstalled)),
          },
        ],
      ];
    }),
  );
}

function firstCall(subject: ColdStartTimes | undefined): number | undefined {
  return subject?.firstCallMs?.median;
}

function ratio(ours: number | undefined, theirs: number | undefined): number | null {
  return ours === undefined || theirs === undefined ? null : ours / theirs;
}

/** By size of the fleet. */
function fleetSummary({ fleets, peers }: Measured['fleet']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fleets).map(([size, { answerMs, readyMs, ...cost }]) => [
      size,
      {
        ...cost,
        answerMs: answerMs.median,
        readyMs: readyMs.median,
        terraformCalls: peers.terraform[size]?.totalCalls ?? null,
        oosCalls: peers.oos[size]?.totalCalls ?? null,
        cliLoopCalls: peers.cliLoop[size]?.totalCalls ?? null,
      },
    ]),
  );
}

function warmSummary({ handler, rps, memory, cloud }: Measured['warm']) {
  const { get, dryRun } = handler;
  return {
    p50Ms: get.p50Ms,
    p99Ms: get.p99Ms,
    rps: rps.median,
    dryRunP50Ms: dryRun.p50Ms,
    dryRunP99Ms: dryRun.p99Ms,
    rssMb: memory.rssMb,
    heapGrowth: memory.heapGrowth,
    cloudRssMb: cloud.rssMb,
  };
}
