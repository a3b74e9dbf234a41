import { QUEUE_SETTINGS } from '../../shared/outbound/smq/queue-settings.ts';
import { TABLES } from '../../shared/outbound/store/tables.ts';
import { type Alarm, queryOf } from './alarms.ts';
import { type Chart, CHARTS } from './dashboard.ts';
import { type FieldType, MESSAGE_FIELDS, RUN_FIELDS } from './log-index.ts';
import { listed, type RolePolicy, type Statement } from './policies.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
type Resource = {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly Properties: Json;
};

/** Placeholders of docs/permissions.md, which ROS replaces by real values. */
const REGION = 'cn-hangzhou';
const ACCOUNT = '1000000000000000';
/** https://www.alibabacloud.com/help/en/ros/user-guide/pseudo-parameters */
const PSEUDO = { [REGION]: 'ALIYUN::Region', [ACCOUNT]: 'ALIYUN::TenantId' } as const;

/** Which of the two services assumes the role is not verified: docs/permissions.md. */
const TRIGGER_ROLE = 'latchkey-trigger';

/**
 * Everything that Latchkey needs besides its functions and triggers, as one template of Resource
 * Orchestration Service. `s deploy` creates functions and triggers. The pages of the types:
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-mns-queue
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-ots-instance
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-ots-table
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-ram-role
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-project
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-logstore
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-index
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-alert
 * https://www.alibabacloud.com/help/en/ros/developer-reference/aliyun-sls-dashboard
 */
export function rosTemplate(options: {
  readonly policies: readonly RolePolicy[];
  readonly queueNames: readonly string[];
  readonly alarms: readonly Alarm[];
}): Json {
  const { policies, queueNames, alarms } = options;
  const resources: [string, Resource][] = [
    ...queueNames.map(queue),
    ['StoreInstance', storeInstance()],
    ...TABLES.map(table),
    ...policies.map(role),
    ['LogProject', logProject()],
    ['LogStore', logStore()],
    ['LogIndex', logIndex()],
    ...alarms.map(alarm),
    ['Dashboard', dashboard()],
  ];
  return {
    ROSTemplateFormatVersion: '2015-09-01',
    Description: 'Latchkey: queues, tables, roles, logs and alarms. Made by npm run template.',
    Parameters: {
      StoreInstanceName: {
        Type: 'String',
        Default: 'latchkey',
        Description: 'The Tablestore instance: vars.tablestoreInstance in s.yaml.',
      },
      ActionPolicyId: {
        Type: 'String',
        Description:
          'The action policy of Simple Log Service, which says who is notified of alarms, and how.',
      },
    },
    Resources: Object.fromEntries(resources),
    Outputs: {
      StoreEndpoint: {
        Description: 'The endpoint of the Tablestore instance inside Alibaba Cloud.',
        Value: { 'Fn::GetAtt': ['StoreInstance', 'PrivateEndpoint'] },
      },
    },
  };
}

function ref(name: string): Json {
  return { Ref: name };
}

/** `latchkey-dead` becomes `LatchkeyDead`, because logical ids have only letters and digits. */
function logicalId(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function queue(name: string): [string, Resource] {
  return [
    `Queue${logicalId(name)}`,
    { Type: 'ALIYUN::MNS::Queue', Properties: { QueueName: name, ...QUEUE_SETTINGS } },
  ];
}

function storeInstance(): Resource {
  return {
    Type: 'ALIYUN::OTS::Instance',
    Properties: {
      InstanceName: ref('StoreInstanceName'),
      ClusterType: 'SSD',
      Network: 'NORMAL',
      Description: 'What Latchkey remembers',
    },
  };
}

function table({
  name,
  primaryKey,
  timeToLiveSeconds,
}: (typeof TABLES)[number]): [string, Resource] {
  return [
    `Table${logicalId(name)}`,
    {
      Type: 'ALIYUN::OTS::Table',
      DependsOn: 'StoreInstance',
      Properties: {
        InstanceName: ref('StoreInstanceName'),
        TableName: name,
        PrimaryKey: primaryKey.map((column) => ({ Name: column.name, Type: column.type })),
        TimeToLive: timeToLiveSeconds,
        MaxVersions: 1,
        ReservedThroughput: { Read: 0, Write: 0 },
      },
    },
  ];
}

function role({ role: name, statements }: RolePolicy): [string, Resource] {
  const services =
    name === TRIGGER_ROLE ? ['eventbridge.aliyuncs.com', 'fc.aliyuncs.com'] : ['fc.aliyuncs.com'];
  return [
    `Role${logicalId(name)}`,
    {
      Type: 'ALIYUN::RAM::Role',
      Properties: {
        RoleName: name,
        Description: 'Made by the template of Latchkey',
        AssumeRolePolicyDocument: {
          Version: '1',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: services } },
          ],
        },
        Policies: [
          {
            PolicyName: name,
            PolicyDocument: { Version: '1', Statement: statements.map(statement) },
          },
        ],
      },
    },
  ];
}

function statement({ Effect, Action, Resource }: Statement): Json {
  // RAM accepts a single value without a list, but ROS does not.
  return { Effect, Action: listed(Action), Resource: listed(Resource).map(withRealNames) };
}

/** Fills in the region, the account and the store instance of the stack. */
function withRealNames(resource: string): Json {
  const text = resource
    .replaceAll(REGION, `\${${PSEUDO[REGION]}}`)
    .replaceAll(ACCOUNT, `\${${PSEUDO[ACCOUNT]}}`)
    .replace('instance/latchkey/table', 'instance/${StoreInstanceName}/table');
  return { 'Fn::Sub': text };
}

/** As in `logConfig` in s.yaml. Names of log projects are unique within a region. */
const PROJECT: Json = { 'Fn::Sub': 'latchkey-${ALIYUN::TenantId}' };
const LOGSTORE = 'latchkey';
/** Days. */
const LOGS_LIVE = 90;

function logProject(): Resource {
  return {
    Type: 'ALIYUN::SLS::Project',
    Properties: { Name: PROJECT, Description: 'Logs of Latchkey' },
  };
}

function logStore(): Resource {
  return {
    Type: 'ALIYUN::SLS::Logstore',
    DependsOn: 'LogProject',
    Properties: {
      ProjectName: PROJECT,
      LogstoreName: LOGSTORE,
      TTL: LOGS_LIVE,
      ShardCount: 1,
      AutoSplit: true,
      MaxSplitShard: 8,
    },
  };
}

/** Every word of a line can be searched. The fields that alarms count can be queried. */
function logIndex(): Resource {
  return {
    Type: 'ALIYUN::SLS::Index',
    DependsOn: 'LogStore',
    Properties: {
      ProjectName: PROJECT,
      LogstoreName: LOGSTORE,
      FullTextIndex: { Enable: true },
      KeyIndices: [
        ...Object.entries(RUN_FIELDS).map(keyIndex),
        {
          Name: 'message',
          Type: 'json',
          JsonKeyIndices: Object.entries(MESSAGE_FIELDS).map(keyIndex),
        },
      ],
    },
  };
}

function keyIndex([name, type]: [string, FieldType]): Json {
  return { Name: name, Type: type, EnableAnalytics: true };
}

function alarm(one: Alarm): [string, Resource] {
  const { name, title, when, severity, everyMinutes } = one;
  return [
    `Alarm${logicalId(name)}`,
    {
      Type: 'ALIYUN::SLS::Alert',
      DependsOn: 'LogIndex',
      Properties: {
        Project: PROJECT,
        Detail: {
          Name: name,
          DisplayName: title,
          Description: `What to do: docs/runbook.md, "${name}"`,
          Schedule: { Type: 'FixedRate', Interval: `${everyMinutes}m` },
          Configuration: {
            Version: '2.0',
            Type: 'default',
            Dashboard: 'internal-alert-analysis',
            QueryList: [
              {
                Query: queryOf(one),
                Project: PROJECT,
                Store: LOGSTORE,
                StoreType: 'log',
                Region: ref('ALIYUN::Region'),
                TimeSpanType: 'Relative',
                Start: `-${everyMinutes}m`,
                End: 'now',
              },
            ],
            SeverityConfigurations: [{ Severity: severity, EvalCondition: { Condition: when } }],
            GroupConfiguration: { Type: 'no_group' },
            // The built-in policy, which lets the alarm rule say who is notified:
            // https://help.aliyun.com/en/sls/dynamic-action-policy-mechanism
            PolicyConfiguration: {
              AlertPolicyId: 'sls.builtin.dynamic',
              ActionPolicyId: ref('ActionPolicyId'),
              RepeatInterval: '30m',
            },
            Threshold: 1,
            SendResolved: true,
            NoDataFire: false,
            AutoAnnotation: true,
          },
        },
      },
    },
  ];
}

/** Two charts in a row. */
const CHART = { width: 10, height: 6 };

function dashboard(): Resource {
  return {
    Type: 'ALIYUN::SLS::Dashboard',
    DependsOn: 'LogIndex',
    Properties: {
      ProjectName: PROJECT,
      DashboardName: 'latchkey',
      DisplayName: 'Latchkey',
      Charts: CHARTS.map(chart),
    },
  };
}

function chart({ title, type, query, x, y }: Chart, index: number): Json {
  const { width, height } = CHART;
  return {
    title,
    type,
    action: {},
    search: { logstore: LOGSTORE, topic: '', query, start: '-86400s', end: 'now' },
    display: {
      displayName: title,
      xAxis: x,
      yAxis: y,
      xPos: (index % 2) * width,
      yPos: Math.floor(index / 2) * height,
      width,
      height,
    },
  };
}
