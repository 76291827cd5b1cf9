-- A post can have several pictures or videos: [{"ref": "<path or address>", "altText": "…"}], in their order.
alter table stackkraft.posts
	add column media jsonb not null default '[]',
	add constraint posts_media_is_a_list check (jsonb_typeof(media) = 'array');

update stackkraft.posts set media = jsonb_build_array(jsonb_build_object('ref', media_ref))
	where media_ref is not null;

alter table stackkraft.posts drop column media_ref;
