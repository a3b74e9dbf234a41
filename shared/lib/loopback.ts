/** 127.0.0.0/8, ::1 and the name, as a URL has them: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
