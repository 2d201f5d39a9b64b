"""The keys that the files of a language pack must have: word lists, and expressions by name."""

from typing import Final

SCOPES: Final = frozenset(
    {
        "hypothetical",
        "exercise",
        "cumulative",
        "anniversary",
        "intercepted",
        "other_cause",
        "other_deed",
        "spaceflight",
        "attack",
        "controlled",
    }
)
COUNTRY_KEYS: Final = frozenset({"names", "demonyms", "actor"})


def _keys(words: str) -> frozenset[str]:
    return frozenset(words.split())


KIND_KEYS = _keys("example words")
"""What a kind of words has: the words, and a sentence that is read only because of one of them."""
_TIME_KINDS = (
    "weekday_pair weekday_range date_pair date_range fixed_feast night_into date day_of_month month_part month year feast last_weekday weekday overnight "
    "night_before_last yesterday tonight today same_day day_before days_before day_after days_ago weeks_ago "
    "weeks_before within_weeks this_week weekend last_week last_month numeric_date weekday_of_month season "
    "years_ago_today year_item weekday_before_last weekday_of_last_week days_after days_later weeks_later "
    "day_before_yesterday week_ago_today month_span this_month week_before_last months_ago this_year last_year years_ago anniversary"
)
TIME_KINDS: Final = _keys(_TIME_KINDS)

# file: (names of its word lists and tables, names of its expressions)
FILES: Final = {
    "grammar": (
        _keys(
            """
            abbreviated additional after_age age_ends age_units aged along among and another articles be be_of_one before_part_place body breaks colons commas company
            determiners dies ends family further headed_of headed_of_what hurt_participles in included includes joints
            likewise loose_triggers models months more negations never_passive no_persons of one_more opening_bracket others
            part_markers partitives passive passive_subjects possessives pronouns_of_one quotes relatives severe spouses stops
            subject_relatives tags_after_bare tags_attaching tags_before_object tags_finite tags_inside_count
            tags_inside_group tags_inside_single tags_modifying tags_nouns tags_possessive tags_of_places tags_of_unlisted
            tags_participle tags_plural tags_proper tags_singular triggers unnumbered was them was_hurt with years
            """
        ),
        _keys(""),
    ),
    "lexicon": (
        _keys(
            """
            actors background bombing_verbs claim dispute hit_kinds hit_verbs models not_scenes not_strikes
            not_targets own_forces scope strike_kinds strike_nouns targets weapons
            """
        ),
        _keys(""),
    ),
    "casualties": (
        _keys(
            """
            age_of_child_below child_nouns child_patterns fixed_groups gate_words injured killed
            missing none_of partial_patterns person_nouns single_child single_person subgroups things
            toll_patterns toll_words
            """
        ),
        _keys(
            """
            also among_them among_was attacker_dead attackers_within before_toll body_of cumulative_toll field_of_injured field_of_killed in_months is_among
            joint_toll kills_before later_total list_aside list_attacker list_end list_group
            list_joint list_label list_number list_person list_unclear newer_toll next_clause no_children nobody nobody_killed not_added not_added_behind not_one_more of_many_strikes older_toll suicide_attack one_a_child only_victim other_event
            partial_toll next_before next_one ordinal_after ordinal_before still tells_death weak_injury
            """
        ),
    ),
    "quantities": (
        _keys(
            """
            aged aged_groups months negative numbered ordinals qualifiers short_months small_numbers vague
            """
        ),
        _keys(
            """
            age_after age_before ages_of_group article between change either gone_up joint joint_after joint_before named_before not_none_before not_people_after not_told
            not_people_before number numbered_before or_more ordinal_digits place_leads range_joint repeated upper
            year_before
            """
        ),
    ),
    "times": (
        _keys(
            """
            claims dated_events feasts fixed_feasts weekdays_before_numbers month_parts month_spans months named_after_dates numbers ordinals rules
            seasons speech strike_told update weekdays
            """
        ),
        _keys(
            """
            aftermath_before anniversary_after aside_before dateline_after dateline_before death_before
            named_dateline_after named_dateline_before night_of_date no_strike_before possessive
            sentence_opened speech_after speech_before toll_told_after update_before weekday_after_date
            weekday_before_date wounded_before
            """
        ),
    ),
    "frames": (
        _keys(""),
        _keys(
            "accident accident_said attacker_says blamed_after blamed_before claims_after denies_after explosion_alone fired_at harm hit_nonetheless land_mine made_safe mine_or_pit no_harm not_struck other_deed other_harm patients pit pit_blamed refuted refuted_first shot_down weak_strike work_of_art"
        ),
    ),
    "fields": (
        _keys(
            """
            attacker_rules
            """
        ),
        _keys(
            """
            according_to attacker_subject attribution bomb border direct_hit either is_a_place is_hit is_in
            killed_at lies_ruined ruin_of taken_to
            """
        ),
    ),
    "places": (
        _keys(
            """
            appositions arms_of_strikers article_particles bases_before behind_places articles_or_words between_place_and_region border_after border_before by_whom
            clusters district_after facilities_after governments family_after features_after first_words
            further_prepositions held his hit_or_in in_region inner_particles institutions is izafet kinds_after kinds_before kinds_of_place
            locators measuring_words name_openers name_particles naming near_words on own_district_after owned_by_persons parts_of_regions place_labels place_prepositions quarters
            quarters_and_districts region_after regions_only_as roles_of_persons rural small_kinds spots_after speaks_after takes_place tens the_word titles townships_after
            unlisted_followers waters who
            """
        ),
        _keys(
            """
            acts_before again apposed_kind between between_and capital dateline distance_from
            in_the_north_of institution_after institution_in measured_from near_another near_before of_town
            official_after optional_the own_thing part_of possessive spelling_variant struck_there there_again located_by launched_from fires_behind stationed_in before_head behind_head town_behind not_in_town quarter_behind quarter_before village_beside village_of as_district quarter_of part_of_city in_city affected another_one bearing_before here_behind once_more same_strike same_thing site_in since when where further told_in_brackets
            town_again treated_in unnamed_near within_region
            """
        ),
    ),
    "clauses": (
        _keys(
            """
            articles_of_things before_age before_ages both clause_marks clause_starts directions generic_places
            harm_nouns harm_stems
            locating_words scene_prepositions scene_starts series_joints speech_words stay_words
            """
        ),
        _keys(""),
    ),
    "arms": (_keys("named may_mean models nothing"), _keys("")),
    "targets": (_keys("may_be"), _keys("")),
    "spots": (
        _keys(
            """
            building camp directions family home kind_modifiers name_particles not_names number_words
            old_or_new parts quarter street town_words
            """
        ),
        _keys(""),
    ),
    "day_times": (_keys("hour_words parts"), _keys("clock")),
    "parties": (_keys("forces_of homes in_country own_forces parties"), _keys("")),
    "stop_places": (
        _keys(
            """
            words
            """
        ),
        _keys(""),
    ),
}
