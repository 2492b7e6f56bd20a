"""Use cases: asynchronous, on ports and the domain, without any framework.

All take a ``services.context.RequestContext`` first; list arguments are keywords. A page size out
of range is ``InvalidInput(field="first")``, a cursor that is not ours ``MalformedCursor``.

================== ================================================== ============================
service (module)   method                                             answers
================== ================================================== ============================
ExploreService     page(c, *, first, after, region)                   Page[FeedItem]
(explore)
TrendingService    page(c, *, first, after, window, scope)            Page[TrendingItem]
(trending)         head(c, *, first, window, scope)                   TrendingHead
CategoryService    page(c, *, first, after)                           Page[CategoryItem]
(categories)       get(c, slug)                                       CategoryRecord | None
                   posts(c, slug, *, first, after)                    Page[FeedItem]
                   creators(c, slug, *, first, after)                 Page[CreatorItem]
                   upsert(c, CategoryChange)                          Outcome[CategoryRecord]
CreatorService     recommended(c, *, first, after, category)          Page[CreatorItem]
(creators)         by_handle(c, handle)                               CreatorCard | None
                   get_many(c, creator_ids)                           [CreatorCard | None]
                   posts(c, creator_id, *, first, after)              Page[PostItem]
HashtagService     trending(c, *, first, after, window, region)       Page[HashtagItem]
(hashtags)         get(c, name)                                       HashtagCard | None
                   get_many(c, names)                                 [HashtagCard]
                   posts(c, name, *, first, after, window)            Page[TrendingItem]
SearchService      search(c, *, query, type, first, after, filter)    Page[SearchItem]
(search)           suggest(c, *, prefix, first)                       (SuggestionItem, …)
NodeService        get_many(c, global_ids)                            [Node | None]
(nodes)
RelatedService     page(c, post_id, *, first, after)                  Page[PostItem]
(related)
ViewerService      interests(c)                                       InterestsView
(viewer)           settings(c)                                        ContentSettings
                   update_interest(c, Target, InterestChange)         Outcome[InterestsView]
                   set_onboarding(c, slugs)                           Outcome[InterestsView]
                   reset(c)                                           Outcome[InterestsView]
                   update_settings(c, SettingsChange)                 Outcome[ContentSettings]
                   not_interested(c, NotInterested)                   Outcome[(effect, …)]
InteractionService track(c, [Interaction])                            [Recorded]
(interactions)     report(c, Report)                                  Recorded
ModerationService  queue(c, *, first, after, filter)                  Page[ModerationCaseItem]
(moderation)       why_not(c, post_global_id, viewer_id)              WhyNotView
                   review(c, Review)                                  Outcome[ModerationCaseView]
ErasureService     request(c)                                         Erasure
(erasure)
================== ================================================== ============================

``Node`` is ``PostCard | CreatorCard | CategoryRecord | HashtagCard | ModerationCaseView``. What
callers say is in ``services.inputs``, what lists hold in ``services.pages``, the caller's own and
the moderators' views in ``services.views``, answers of mutations in ``services.outcomes``.
"""
