import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import type { NoticeMessage } from '../../domain/model/notice-message.ts';
import { RolloutIdText } from '../names.ts';

const SCHEMA = 'latchkey.notice/1';

export const noticeSchema = () =>
  v.object({
    schema: v.literal(SCHEMA),
    id: v.string(),
    rolloutId: RolloutIdText,
    channel: v.string(),
    kind: v.picklist(['approval-needed', 'break-glass', 'halted', 'ended']),
    atMs: v.number(),
    attempt: v.number(),
    data: v.record(v.string(), v.unknown()),
  });

export function noticeBody({ notice }: MessageOf<'notice'>) {
  const { data, ...about } = notice;
  return { schema: SCHEMA, ...about, data: { ...data, nextCalls: nextCallsOf(notice) } };
}

/** Method and path of what the receiver can ask for next: what is sent with them is in docs/http.md. */
function nextCallsOf({ kind, rolloutId }: NoticeMessage): string[] {
  const path = `/rollouts/${rolloutId}`;
  const see = `GET ${path}`;
  switch (kind) {
    case 'approval-needed':
      return [see, `POST ${path}/approve`, `POST ${path}/deny`];
    case 'halted':
      return [see, `POST ${path}/resolve`, `POST ${path}/resume`, `POST ${path}/abort`];
    case 'break-glass':
      return [see, `POST ${path}/pause`, `POST ${path}/abort`];
    case 'ended':
      return [see];
  }
}
