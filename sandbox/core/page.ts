import type { JournalPost } from './journal';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:2rem 1rem;color:#1d2433}
.label{background:#fff3c4;border:2px solid #b7791f;border-radius:8px;padding:.75rem 1rem;font-weight:600}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #d5dae3;padding:.4rem;text-align:left;vertical-align:top}
code{font-size:.85em;word-break:break-all}pre{white-space:pre-wrap;font:inherit}
@media(prefers-color-scheme:dark){body{background:#12151c;color:#e6e9f0}.label{background:#3b2f0b}td,th{border-color:#333a48}a{color:#8ab4ff}}`;

export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Every page says what it is before anything else: nobody may take it for the real network. */
function page(title: string, content: string): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${content}</body></html>`;
}

function label(networkTitle: string): string {
	return `<p class="label">StackKraft sandbox — pretend ${escapeHtml(networkTitle)}, nothing here is public</p>`;
}

export function errorPage(title: string, detail: string): string {
	return page(title, `${label('network')}<h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p>`);
}

export function listPage(networkTitle: string, posts: readonly JournalPost[]): string {
	const rows = posts.map(
		(post) => `<tr><td>${post.seq}</td><td>${escapeHtml(post.account)}</td>
<td><a href="${escapeHtml(post.url)}">${escapeHtml(post.title || post.text)}</a></td>
<td>${escapeHtml(post.visibility)}${post.deletedAt ? ', deleted' : ''}</td><td>${escapeHtml(post.createdAt)}</td></tr>`,
	);
	const table =
		rows.length === 0
			? '<p>Nothing has been posted yet.</p>'
			: `<table><tr><th>#</th><th>account</th><th>post</th><th>state</th><th>at</th></tr>${rows.join('')}</table>`;
	return page(
		`Sandbox: pretend ${networkTitle}`,
		`${label(networkTitle)}<h1>What was “posted”</h1>${table}<p><a href="/_sandbox/journal">journal as JSON</a></p>`,
	);
}

export function postPage(networkTitle: string, post: JournalPost): string {
	const facts = [
		['account', `${post.account} (${post.accountId})`],
		['post id', post.platformPostId],
		['state', post.deletedAt ? `deleted ${post.deletedAt}` : post.visibility],
		['created', post.createdAt],
		...post.media.map((medium) => ['media', `${medium.sizeBytes} bytes, sha256 ${medium.sha256}`]),
	];
	const rows = facts.map(
		([name = '', value = '']) =>
			`<tr><th>${escapeHtml(name)}</th><td><code>${escapeHtml(value)}</code></td></tr>`,
	);
	return page(
		`Sandbox: ${post.title || post.text}`,
		`${label(networkTitle)}<h1>${escapeHtml(post.title || post.text)}</h1><pre>${escapeHtml(post.text)}</pre>
<table>${rows.join('')}</table><p><a href="/">all posts</a></p>`,
	);
}
