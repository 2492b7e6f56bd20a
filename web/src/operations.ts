// Generated from `operations/*.graphql` and the schema: `npm run build`.


/** An operation that the service has stored, by its id; the types are those of its text. */
export interface Operation<Data, Variables> {
  readonly id: string;
  readonly kind: "query" | "mutation" | "subscription";
  readonly types?: (variables: Variables) => Data;
}

export type CandidateSource = "TRENDING" | "REGIONAL" | "PERSONALIZED" | "CREATOR_AFFINITY" | "CO_ENGAGED" | "CATEGORY" | "SEARCH" | "FRESH" | "SERENDIPITY" | "EDITORIAL" | "SNAPSHOT" | "STATIC";

export type ClaimCaseInput = { readonly postId: string; readonly release?: boolean; readonly clientMutationId?: string | null; };

export type EraseMyDataInput = { readonly confirm: string; readonly clientMutationId?: string | null; };

export type Freshness = "LIVE" | "STALE" | "SNAPSHOT" | "STATIC";

export type InteractionAction = "VIEW" | "DWELL" | "LIKE" | "UNLIKE" | "COMMENT" | "SHARE" | "SAVE" | "UNSAVE" | "PROFILE_VISIT" | "FOLLOW" | "UNFOLLOW" | "HASHTAG_FOLLOW" | "HASHTAG_UNFOLLOW" | "NOT_INTERESTED";

export type InteractionTarget = { readonly postId: string; } | { readonly creatorId: string; } | { readonly hashtag: string; };

export type InterestChange = "PIN" | "MUTE" | "FORGET";

export type InterestState = "LEARNED" | "CHOSEN" | "PINNED" | "MUTED";

export type InterestTarget = { readonly category: string; } | { readonly creatorId: string; } | { readonly hashtag: string; };

export type MarkNotInterestedInput = { readonly postId: string; readonly because?: NotInterestedReason | null; readonly impressionToken?: string | null; readonly clientMutationId?: string | null; };

export type MediaKind = "IMAGE" | "VIDEO" | "AUDIO" | "LINK";

export type ModerationFilter = { readonly statuses?: readonly (ReviewStatus)[] | null; readonly reasons?: readonly (SafetyReason)[] | null; };

export type NotInterestedReason = "POST" | "CREATOR" | "TOPIC" | "HASHTAGS" | "SEEN_BEFORE";

export type ProfileMaturity = "COLD" | "WARMING" | "ESTABLISHED";

export type ReasonCode = "TRENDING_NOW" | "TRENDING_IN_REGION" | "TOPIC_YOU_LIKE" | "CREATOR_YOU_LIKE" | "SIMILAR_TO_LIKED" | "CHOSEN_TOPIC" | "NEW_AND_PROMISING" | "SOMETHING_DIFFERENT" | "EDITORS_PICK" | "POPULAR";

export type ReportPostInput = { readonly postId: string; readonly reason: SafetyReason; readonly note?: string | null; readonly clientMutationId?: string | null; };

export type ResetInterestsInput = { readonly clientMutationId?: string | null; };

export type ReviewDecision = "APPROVE" | "REJECT" | "SHADOW_BAN" | "ESCALATE" | "CLEAR";

export type ReviewPostInput = { readonly postId: string; readonly decision: ReviewDecision; readonly reason: string; readonly note?: string | null; readonly clientMutationId?: string | null; };

export type ReviewStatus = "UNCLASSIFIED" | "AUTO_APPROVED" | "PENDING_REVIEW" | "ESCALATED" | "APPROVED" | "REJECTED" | "SHADOW_BANNED";

export type SafetyReason = "SPAM" | "NSFW" | "TOXICITY" | "BOT" | "LOW_QUALITY" | "REPORTED" | "POLICY" | "UNCLASSIFIED";

export type SearchFilter = { readonly category?: string | null; readonly hashtag?: string | null; readonly language?: string | null; readonly region?: string | null; readonly since?: string | null; readonly until?: string | null; };

export type SearchType = "POSTS" | "CREATORS" | "HASHTAGS";

export type SetOnboardingCategoriesInput = { readonly slugs: readonly (string)[]; readonly clientMutationId?: string | null; };

export type TrackInteractionInput = { readonly target: InteractionTarget; readonly action: InteractionAction; readonly durationMs?: number | null; readonly impressionToken?: string | null; readonly occurredAt?: string | null; readonly clientMutationId?: string | null; };

export type TrackInteractionsInput = { readonly interactions: readonly (TrackInteractionInput)[]; readonly clientMutationId?: string | null; };

export type TrendingScope = { readonly region: string; } | { readonly category: string; } | { readonly hashtag: string; };

export type TrendingWindow = "HOUR" | "DAY" | "WEEK";

export type UpdateContentSettingsInput = { readonly showSensitive?: boolean | null; readonly languages?: readonly (string)[] | null; readonly region?: string | null; readonly mutedKeywords?: readonly (string)[] | null; readonly clientMutationId?: string | null; };

export type UpdateInterestInput = { readonly target: InterestTarget; readonly change: InterestChange; readonly clientMutationId?: string | null; };

export type UpsertCategoryInput = { readonly slug: string; readonly name: string; readonly description?: string | null; readonly iconUrl?: string | null; readonly displayOrder?: number | null; readonly isActive?: boolean | null; readonly clientMutationId?: string | null; };

export type UserErrorCode = "NOT_FOUND" | "INVALID_VALUE" | "OUT_OF_RANGE" | "TOKEN_INVALID" | "TOKEN_EXPIRED" | "TOO_MANY" | "CONFLICT" | "NOT_ALLOWED";

export type CaseCard = { readonly id: string; readonly status: ReviewStatus; readonly reasons: readonly (SafetyReason)[]; readonly wouldTrend: boolean; readonly reports: number; readonly reported: readonly ({ readonly at: string; readonly reason: SafetyReason; readonly note: (string) | null; })[]; readonly claim: ({ readonly moderator: string; readonly until: string; readonly isMine: boolean; }) | null; readonly createdAt: string; readonly scores: { readonly spam: (number) | null; readonly nsfw: (number) | null; readonly toxicity: (number) | null; readonly bot: (number) | null; readonly quality: (number) | null; }; readonly history: readonly ({ readonly at: string; readonly actor: string; readonly decision: ReviewDecision; readonly reason: (string) | null; readonly note: (string) | null; })[]; readonly post: { readonly id: string; readonly title: (string) | null; readonly text: string; readonly url: (string) | null; readonly language: (string) | null; readonly region: (string) | null; readonly createdAt: string; readonly creator: { readonly id: string; readonly handle: string; readonly displayName: string; }; readonly media: readonly ({ readonly url: string; readonly kind: MediaKind; readonly alt: (string) | null; })[]; readonly stats: { readonly likes: number; readonly comments: number; readonly reposts: number; readonly views: number; }; readonly visibility: ({ readonly status: ReviewStatus; readonly eligibleForRecommendation: boolean; readonly reasons: readonly (SafetyReason)[]; readonly expiresAt: (string) | null; }) | null; }; };

export type CreatorCard = { readonly id: string; readonly handle: string; readonly displayName: string; readonly avatarUrl: (string) | null; readonly followerCount: (number) | null; readonly postCount: number; readonly isFollowedByViewer: (boolean) | null; readonly topCategories: readonly ({ readonly id: string; readonly slug: string; readonly name: string; })[]; };

export type ExplorePage = { readonly edges: readonly ({ readonly cursor: string; readonly position: number; readonly source: CandidateSource; readonly impressionToken: string; readonly why: { readonly reasons: readonly ({ readonly code: ReasonCode; readonly message: string; })[]; }; readonly node: PostCard; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; readonly feed: { readonly requestId: string; readonly freshness: Freshness; readonly degradedSources: readonly (string)[]; readonly generatedAt: string; readonly newPosts: (number) | null; }; };

export type InterestsCard = { readonly maturity: ProfileMaturity; readonly topics: readonly ({ readonly strength: number; readonly state: InterestState; readonly category: { readonly id: string; readonly slug: string; readonly name: string; }; })[]; readonly creators: readonly ({ readonly strength: number; readonly state: InterestState; readonly creator: { readonly id: string; readonly handle: string; readonly displayName: string; }; })[]; readonly hashtags: readonly ({ readonly strength: number; readonly state: InterestState; readonly hashtag: { readonly id: string; readonly name: string; }; })[]; readonly updatedAt: (string) | null; };

export type PostCard = { readonly id: string; readonly title: (string) | null; readonly text: string; readonly url: (string) | null; readonly language: (string) | null; readonly createdAt: string; readonly creator: { readonly id: string; readonly handle: string; readonly displayName: string; readonly avatarUrl: (string) | null; readonly isFollowedByViewer: (boolean) | null; }; readonly categories: readonly ({ readonly confidence: number; readonly category: { readonly id: string; readonly slug: string; readonly name: string; }; })[]; readonly hashtags: readonly ({ readonly id: string; readonly name: string; })[]; readonly media: readonly ({ readonly url: string; readonly kind: MediaKind; readonly width: (number) | null; readonly height: (number) | null; readonly alt: (string) | null; })[]; readonly stats: { readonly likes: number; readonly comments: number; readonly reposts: number; readonly views: number; }; readonly interstitial: ({ readonly reason: SafetyReason; readonly message: string; }) | null; readonly viewerState: ({ readonly hasLiked: boolean; readonly hasSaved: boolean; readonly hasSeen: boolean; }) | null; };

export type TrendingPage = { readonly edges: readonly ({ readonly cursor: string; readonly rank: number; readonly rankChange: (number) | null; readonly score: number; readonly impressionToken: string; readonly node: PostCard; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; readonly feed: { readonly requestId: string; readonly freshness: Freshness; readonly degradedSources: readonly (string)[]; readonly generatedAt: string; readonly newPosts: (number) | null; }; };

export interface CategoriesVariables { first?: number | null; after?: string | null; }
export interface CategoriesData { readonly categories: { readonly nodes: readonly ({ readonly id: string; readonly slug: string; readonly name: string; readonly description: (string) | null; readonly iconUrl: (string) | null; readonly displayOrder: number; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; readonly totalCount: number; }; }
export const Categories: Operation<CategoriesData, CategoriesVariables> = {
  id: "sha256:a90a1a607469acfe04c900ed153c139e173b9660cdb8356e1d75d39f4a5fc4a3",
  kind: "query",
};

export interface CategoryPageVariables { slug: string; first?: number | null; after?: string | null; }
export interface CategoryPageData { readonly category: ({ readonly id: string; readonly slug: string; readonly name: string; readonly description: (string) | null; readonly posts: ExplorePage; }) | null; }
export const CategoryPage: Operation<CategoryPageData, CategoryPageVariables> = {
  id: "sha256:9d266db5f022f72caea0d457b79c29ff402646c917898503bef08e27dbae3687",
  kind: "query",
};

export interface ClaimCaseVariables { input: ClaimCaseInput; }
export interface ClaimCaseData { readonly claimCase: { readonly case: (CaseCard) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; }; }
export const ClaimCase: Operation<ClaimCaseData, ClaimCaseVariables> = {
  id: "sha256:87fb9ccc6fe78a1bf7ee1707342fd58b26d6074ba4d137921fe6aa6798757857",
  kind: "mutation",
};

export interface CreatorPageVariables { handle: string; first?: number | null; after?: string | null; }
export interface CreatorPageData { readonly creator: ({ readonly posts: { readonly edges: readonly ({ readonly cursor: string; readonly node: PostCard; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; }; } & CreatorCard) | null; }
export const CreatorPage: Operation<CreatorPageData, CreatorPageVariables> = {
  id: "sha256:f849f857fbf625eafc692888653e82cf441eab6724f2d1528d2bec95723e9375",
  kind: "query",
};

export interface EraseMyDataVariables { input: EraseMyDataInput; }
export interface EraseMyDataData { readonly eraseMyData: { readonly receipt: ({ readonly id: string; readonly requestedAt: string; readonly completedAt: (string) | null; readonly stores: readonly ({ readonly store: string; readonly items: number; })[]; }) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const EraseMyData: Operation<EraseMyDataData, EraseMyDataVariables> = {
  id: "sha256:70d82f7c140054322e4ed62cc7114e561cce030bc37bc01ff8d5adc4be072c00",
  kind: "mutation",
};

export interface ExploreVariables { first?: number | null; after?: string | null; region?: string | null; }
export interface ExploreData { readonly explore: ExplorePage; }
export const Explore: Operation<ExploreData, ExploreVariables> = {
  id: "sha256:0d83afcd61de1477b5935706d32124891e54bc09ad60ebde14ad7cebb1b3b663",
  kind: "query",
};

export interface HashtagPageVariables { name: string; first?: number | null; after?: string | null; window?: TrendingWindow | null; }
export interface HashtagPageData { readonly hashtag: ({ readonly id: string; readonly name: string; readonly postCount: number; readonly posts: TrendingPage; }) | null; }
export const HashtagPage: Operation<HashtagPageData, HashtagPageVariables> = {
  id: "sha256:ec6ef36f2729a4967fd4ba3d648dcf9f9773f181b4a9eef8322d0e2ad5155b22",
  kind: "query",
};

export interface MarkNotInterestedVariables { input: MarkNotInterestedInput; }
export interface MarkNotInterestedData { readonly markNotInterested: { readonly effects: readonly (string)[]; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const MarkNotInterested: Operation<MarkNotInterestedData, MarkNotInterestedVariables> = {
  id: "sha256:a9e24799a1dbc9e8e001a21e3213e713e68919815f8797a865aa38a9c16f2af2",
  kind: "mutation",
};

export interface ModerationCaseVariables { id: string; }
export interface ModerationCaseData { readonly node: (({  }) | ({  }) | ({  }) | (CaseCard) | ({  })) | null; }
export const ModerationCase: Operation<ModerationCaseData, ModerationCaseVariables> = {
  id: "sha256:e1b88f480d047556b73fb5de6d9b33c5a27f07b12434947bac298c1e52b2873d",
  kind: "query",
};

export interface ModerationCountsVariables {  }
export interface ModerationCountsData { readonly waiting: { readonly totalCount: number; }; readonly pending: { readonly totalCount: number; }; readonly escalated: { readonly totalCount: number; }; readonly reported: { readonly totalCount: number; }; }
export const ModerationCounts: Operation<ModerationCountsData, ModerationCountsVariables> = {
  id: "sha256:a59c2d5ccf5fec972c5c380ff1b175fbad1365e44823d8c82e8a51eac8320c4a",
  kind: "query",
};

export interface ModerationQueueVariables { first?: number | null; after?: string | null; filter?: ModerationFilter | null; }
export interface ModerationQueueData { readonly moderationQueue: { readonly edges: readonly ({ readonly cursor: string; readonly node: CaseCard; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; readonly totalCount: number; }; }
export const ModerationQueue: Operation<ModerationQueueData, ModerationQueueVariables> = {
  id: "sha256:8b8818c41a3b85739804e9d864d5047348fb7450ecc1187aa479609b7893db79",
  kind: "query",
};

export interface PostPageVariables { id: string; related?: number | null; }
export interface PostPageData { readonly node: (({ readonly __typename: "Category"; }) | ({ readonly __typename: "Creator"; }) | ({ readonly __typename: "Hashtag"; }) | ({ readonly __typename: "ModerationCase"; }) | ({ readonly __typename: "Post"; } & { readonly related: { readonly nodes: readonly (PostCard)[]; }; } & PostCard)) | null; }
export const PostPage: Operation<PostPageData, PostPageVariables> = {
  id: "sha256:218370847b0ed630e9ce675b8480611610aa38878b5542c7c8c50a5ce10a448d",
  kind: "query",
};

export interface RateLimitVariables {  }
export interface RateLimitData { readonly rateLimit: { readonly limit: number; readonly cost: number; readonly remaining: number; readonly resetAt: string; }; }
export const RateLimit: Operation<RateLimitData, RateLimitVariables> = {
  id: "sha256:fb451f27ec0a0feb4e8dea92c8dcc0d2e1fb0bd2e9713bf9ce8e2462640f9f42",
  kind: "query",
};

export interface RecommendedCreatorsVariables { first?: number | null; after?: string | null; category?: string | null; }
export interface RecommendedCreatorsData { readonly creators: { readonly edges: readonly ({ readonly cursor: string; readonly reason: { readonly code: ReasonCode; readonly message: string; }; readonly node: CreatorCard; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; }; }
export const RecommendedCreators: Operation<RecommendedCreatorsData, RecommendedCreatorsVariables> = {
  id: "sha256:cbd0a7e681424eed36f30f0854f6854fe306a2d9703679b6079c2e14508bc4d9",
  kind: "query",
};

export interface ReportPostVariables { input: ReportPostInput; }
export interface ReportPostData { readonly reportPost: { readonly recorded: boolean; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const ReportPost: Operation<ReportPostData, ReportPostVariables> = {
  id: "sha256:44bed0ff0040a5a34e138c2a68582719a69ea21b26f55a4115266a453735e9c6",
  kind: "mutation",
};

export interface ResetInterestsVariables { input: ResetInterestsInput; }
export interface ResetInterestsData { readonly resetInterests: { readonly interests: (InterestsCard) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const ResetInterests: Operation<ResetInterestsData, ResetInterestsVariables> = {
  id: "sha256:054d6712c2d6ea55d3cf91ed7524d2e02a93a87311be55aa4915d6f9f34ca4ff",
  kind: "mutation",
};

export interface ReviewPostVariables { input: ReviewPostInput; }
export interface ReviewPostData { readonly reviewPost: { readonly case: (CaseCard) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const ReviewPost: Operation<ReviewPostData, ReviewPostVariables> = {
  id: "sha256:f1549c8fc33f15be851e3d654b05525cd56152f2abc4376d5ce0bebce5beb0d1",
  kind: "mutation",
};

export interface SearchVariables { query: string; type?: SearchType | null; first?: number | null; after?: string | null; filter?: SearchFilter | null; }
export interface SearchData { readonly search: { readonly edges: readonly ({ readonly cursor: string; readonly highlights: readonly (string)[]; readonly impressionToken: (string) | null; readonly node: ({ readonly __typename: "Post"; } & PostCard) | ({ readonly __typename: "Creator"; } & CreatorCard) | ({ readonly __typename: "Hashtag"; } & { readonly id: string; readonly name: string; readonly postCount: number; }); })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; readonly totalCount: (number) | null; readonly feed: { readonly requestId: string; readonly freshness: Freshness; readonly degradedSources: readonly (string)[]; }; }; }
export const Search: Operation<SearchData, SearchVariables> = {
  id: "sha256:e4fdbd21bfc02dac1e06669bbca62f62a761851e0ecd6c310fd15a280745b99b",
  kind: "query",
};

export interface SetOnboardingCategoriesVariables { input: SetOnboardingCategoriesInput; }
export interface SetOnboardingCategoriesData { readonly setOnboardingCategories: { readonly interests: (InterestsCard) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const SetOnboardingCategories: Operation<SetOnboardingCategoriesData, SetOnboardingCategoriesVariables> = {
  id: "sha256:4a8ce2c2498ab131b2ab5557581d9a156166030fcc0b66cb3defba74e246b04c",
  kind: "mutation",
};

export interface SuggestVariables { prefix: string; first?: number | null; }
export interface SuggestData { readonly suggest: readonly ({ readonly text: string; readonly type: SearchType; })[]; }
export const Suggest: Operation<SuggestData, SuggestVariables> = {
  id: "sha256:75105e5885228321254fbd80918708c35c98baeb67906ea31a2f9573c7ab8ee7",
  kind: "query",
};

export interface TrackInteractionVariables { input: TrackInteractionInput; }
export interface TrackInteractionData { readonly trackInteraction: { readonly recorded: boolean; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const TrackInteraction: Operation<TrackInteractionData, TrackInteractionVariables> = {
  id: "sha256:6d734f264fd53b4e1c05428de01c67b79cd216870645765e68ee39aa439d03f2",
  kind: "mutation",
};

export interface TrackInteractionsVariables { input: TrackInteractionsInput; }
export interface TrackInteractionsData { readonly trackInteractions: { readonly results: readonly ({ readonly recorded: boolean; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; })[]; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const TrackInteractions: Operation<TrackInteractionsData, TrackInteractionsVariables> = {
  id: "sha256:dab1fd74c823385099c96585656f5235f6c3501ad6e11dd92f1bc005fe7dd575",
  kind: "mutation",
};

export interface TrendingVariables { first?: number | null; after?: string | null; window?: TrendingWindow | null; scope?: TrendingScope | null; }
export interface TrendingData { readonly trending: TrendingPage; }
export const Trending: Operation<TrendingData, TrendingVariables> = {
  id: "sha256:4d5fcac7f229d4ab3fc6e8856e84dcbbd92dd54771dd4351dab97c847664af9e",
  kind: "query",
};

export interface TrendingHashtagsVariables { first?: number | null; after?: string | null; window?: TrendingWindow | null; region?: string | null; }
export interface TrendingHashtagsData { readonly trendingHashtags: { readonly edges: readonly ({ readonly cursor: string; readonly rank: number; readonly people: number; readonly lift: number; readonly node: { readonly id: string; readonly name: string; readonly postCount: number; }; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: (string) | null; }; }; }
export const TrendingHashtags: Operation<TrendingHashtagsData, TrendingHashtagsVariables> = {
  id: "sha256:b47c1bb8108b3ab5adf3aa6bdd52cf58cd7012583ef3aedf0c379129f2544a35",
  kind: "query",
};

export interface TrendingUpdatesVariables { window?: TrendingWindow | null; scope?: TrendingScope | null; first?: number | null; since?: number | null; }
export interface TrendingUpdatesData { readonly trendingUpdates: { readonly version: number; readonly reset: boolean; readonly entered: readonly ({ readonly rank: number; readonly rankChange: (number) | null; readonly score: number; readonly impressionToken: string; readonly node: PostCard; })[]; readonly moved: readonly ({ readonly id: string; readonly from: number; readonly to: number; })[]; readonly left: readonly (string)[]; }; }
export const TrendingUpdates: Operation<TrendingUpdatesData, TrendingUpdatesVariables> = {
  id: "sha256:06b8dff998e122d4ad216428329a575f45457cb70f86ad0ef4d30dad99ada7c3",
  kind: "subscription",
};

export interface UpdateContentSettingsVariables { input: UpdateContentSettingsInput; }
export interface UpdateContentSettingsData { readonly updateContentSettings: { readonly settings: ({ readonly showSensitive: boolean; readonly languages: readonly (string)[]; readonly region: (string) | null; readonly mutedKeywords: readonly (string)[]; }) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const UpdateContentSettings: Operation<UpdateContentSettingsData, UpdateContentSettingsVariables> = {
  id: "sha256:46575730bdae2ca2fb96b96d2a59bb9cc076915286f5755b6945513a40c32496",
  kind: "mutation",
};

export interface UpdateInterestVariables { input: UpdateInterestInput; }
export interface UpdateInterestData { readonly updateInterest: { readonly interests: (InterestsCard) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const UpdateInterest: Operation<UpdateInterestData, UpdateInterestVariables> = {
  id: "sha256:0285ae727b4a216b109a940fc63fbdf1e1640622e88ae0bcb6f080ebdc49a9e4",
  kind: "mutation",
};

export interface UpsertCategoryVariables { input: UpsertCategoryInput; }
export interface UpsertCategoryData { readonly upsertCategory: { readonly category: ({ readonly id: string; readonly slug: string; readonly name: string; readonly description: (string) | null; readonly iconUrl: (string) | null; readonly displayOrder: number; }) | null; readonly userErrors: readonly ({ readonly code: UserErrorCode; readonly message: string; readonly path: readonly (string)[]; })[]; readonly clientMutationId: (string) | null; }; }
export const UpsertCategory: Operation<UpsertCategoryData, UpsertCategoryVariables> = {
  id: "sha256:ca1f8dd8ad49b8cf69f349547bf528a356ec3fe2941fd5b56c1f94af4310720d",
  kind: "mutation",
};

export interface ViewerVariables {  }
export interface ViewerData { readonly viewer: ({ readonly id: string; readonly interests: InterestsCard; readonly settings: { readonly showSensitive: boolean; readonly languages: readonly (string)[]; readonly region: (string) | null; readonly mutedKeywords: readonly (string)[]; }; }) | null; }
export const Viewer: Operation<ViewerData, ViewerVariables> = {
  id: "sha256:3d7027b1913bde25bf3a8b9b70a929c599ccbd2a5e696f7d57271bdc8a6baab7",
  kind: "query",
};

export interface WhyNotVariables { postId: string; viewerId?: string | null; }
export interface WhyNotData { readonly whyNot: { readonly eligible: boolean; readonly verdict: string; readonly checks: readonly ({ readonly stage: string; readonly passed: boolean; readonly detail: string; })[]; }; }
export const WhyNot: Operation<WhyNotData, WhyNotVariables> = {
  id: "sha256:d39912c986ee05b3e62d7157c8820f3edb2482f21235b82cee345f6a39447d12",
  kind: "query",
};
