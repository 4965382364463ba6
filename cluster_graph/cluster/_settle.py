"""The loop that settles one stop after another, written so that numba can compile it."""

from typing import Any, Final

UNLISTED: Final = -2  # an offer not among those of its market that lost anything; -1 ends them


def settle(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917  one flat loop compiles and caches as one
    failing: Any,  # noqa: ANN401  an array
    budget: int,
    sizes: tuple[int, int, int],
    least: tuple[float, float],
    graph: Any,  # noqa: ANN401  arrays where compiled, lists where not
    state: Any,  # noqa: ANN401  the same
    found: Any,  # noqa: ANN401  arrays
) -> int:
    """
    Settle one stop after another, until the work exceeds the budget.

    See `cluster_graph.cluster.stops` for what is computed and why the bound holds.

    Parameters
    ----------
    failing
        Firms that stop, one at a time.
    budget
        Links to follow before coming back, so that signals are seen; a stop once begun is
        finished.
    sizes
        Number of firms, room for exposed products, and links to follow in a stop until what
        is still on its way is no longer followed but raised.
    least
        Share of its output from which a firm counts as hit, of its supply a product as
        exposed.
    graph
        The arrays of `Layers`.
    state
        Working arrays, all at rest before and after.
    found
        Arrays of zeros that take what is found: of each stop the index, what raising adds to
        it at most, the firms hit and the number of exposed products; these products one after
        another, and their lost shares.

    Returns
    -------
    done
        How many are settled.
    """
    (
        unit,
        member_from,
        member,
        offer_from,
        offer,
        offer_unit,
        offer_product,
        part,
        usual,
        market,
        slop,
        based,
        enough,
        makers,
        maker_from,
        maker,
        link_from,
        link_group,
        link_share,
        owner,
        reserve,
        degree,
        base,
        slack,
        busy,
        weight,
        made_from,
        made,
        made_supply,
        made_whole,
    ) = graph
    (
        loss,
        sent,
        over,
        waiting,
        queue,
        postponed,
        unit_seen,
        lack,
        complete,
        group_seen,
        offered,
        following,
        newest,
        gone,
        standing,
        changed,
        change,
        todo,
        product_seen,
        seen,
        exposure,
        exposure_seen,
    ) = state
    index, short, hit, exposed_count, exposed_product, exposed_lost = found
    firms, room, patience = sizes
    hit_from, exposed_from = least
    done = 0
    work = 0
    rows = 0
    kinds = len(made_whole)
    width = len(queue)
    while done < len(failing) and work < budget and rows + kinds <= room:
        firm = failing[done]
        units = groups = products = changes = head = tail = kinds_seen = later = 0
        low = 0.0
        raised = False
        given_up = work + patience
        for layer in range(2):
            start = unit[firm + layer * firms]
            loss[start] = 1.0
            unit_seen[units] = start
            units += 1
            waiting[start] = True
            queue[tail] = start
            tail += 1
        for upper in range(2):
            if upper:
                # The losses are what they are at least; from here on, what they are at most.
                for place in range(units):
                    at = unit_seen[place]
                    for spot in range(member_from[at], member_from[at + 1]):
                        other = member[spot] % firms
                        if seen[other]:
                            continue
                        seen[other] = True
                        lost = max(loss[unit[other]], loss[unit[other + firms]])
                        low += weight[other] * lost
                        if other != firm and lost >= hit_from:
                            hit[done] += 1
                        for entry in range(made_from[other], made_from[other + 1]):
                            kind = made[entry]
                            if exposure[kind] == 0.0:
                                exposure[kind] = 1e-300
                                exposure_seen[kinds_seen] = kind
                                kinds_seen += 1
                            exposure[kind] += made_supply[entry] * lost
                for place in range(units):
                    at = unit_seen[place]
                    for spot in range(member_from[at], member_from[at + 1]):
                        seen[member[spot] % firms] = False
                changes = 0
                for place in range(products):
                    kind = product_seen[place]
                    if market[kind]:
                        changed[kind] = True
                        change[changes] = kind
                        changes += 1
            while (head < tail or later or changes) and (upper or work < given_up):
                # First what newly lost firms offer, those with many links last; what the
                # shrinking of a market does to all others of it waits until nothing else moves.
                offers = 0
                walked = 0
                if head == tail and later:
                    for place in range(later):
                        queue[tail % width] = postponed[place]
                        tail += 1
                    later = 0
                elif head == tail:
                    walked = changes
                    changes = 0
                while head < tail:
                    at = queue[head % width]
                    head += 1
                    waiting[at] = False
                    before = sent[at]
                    sent[at] = loss[at]
                    for spot in range(offer_from[at], offer_from[at + 1]):
                        source = offer[spot]
                        kind = offer_product[source]
                        if gone[kind] == 0.0:
                            gone[kind] = 1e-300
                            product_seen[products] = kind
                            products += 1
                        if following[source] == UNLISTED:
                            following[source] = newest[kind]
                            newest[kind] = source
                        todo[offers] = source
                        offers += 1
                        if not market[kind]:
                            continue
                        # To the grid and as a difference: exact, whatever came in between.
                        gone[kind] += (part[source] * sent[at] + 1.0 - 1.0) - (
                            part[source] * before + 1.0 - 1.0
                        )
                        if sent[at] == 1.0 and part[source] > 0.0:
                            standing[kind] -= 1
                        if not changed[kind]:
                            changed[kind] = True
                            change[changes] = kind
                            changes += 1
                for place in range(walked):
                    kind = change[place]
                    changed[kind] = False
                    if upper and 1.0 - gone[kind] - based[kind] < enough[kind]:
                        # Even who lost nothing is less easily replaced than the base allows for.
                        for spot in range(maker_from[kind], maker_from[kind + 1]):
                            source = maker[spot]
                            if following[source] == UNLISTED:
                                following[source] = newest[kind]
                                newest[kind] = source
                    source = newest[kind]
                    while source >= 0:
                        todo[offers] = source
                        offers += 1
                        source = following[source]
                work += offers
                for place in range(offers):
                    source = todo[place]
                    kind = offer_product[source]
                    at = offer_unit[source]
                    sigma = 1.0
                    excess = 0.0
                    if market[kind]:
                        if upper:
                            left = 1.0 - gone[kind] - based[kind]
                        elif standing[kind]:
                            left = 1.0 - gone[kind] + slop[kind]
                        else:
                            left = 0.0
                        if left > part[source]:
                            sigma = part[source] / left
                        if upper and left < enough[kind]:
                            excess = max(0.0, sigma - usual[source]) * base[at]
                    before = offered[source]
                    now = min(1.0, sigma * sent[at] + excess)
                    wholly = not upper and now == 1.0 and before < 1.0
                    if now - before <= 0.125 * slack[at] and not wholly:
                        continue
                    offered[source] = now
                    work += link_from[source + 1] - link_from[source]
                    for link in range(link_from[source], link_from[source + 1]):
                        group = link_group[link]
                        if lack[group] == 0.0:
                            lack[group] = 1e-300
                            group_seen[groups] = group
                            groups += 1
                        lack[group] += (link_share[link] * now + 1.0 - 1.0) - (
                            link_share[link] * before + 1.0 - 1.0
                        )
                        if wholly:
                            complete[group] += 1
                        into = owner[group]
                        known = loss[into]
                        if known >= 1.0:
                            continue
                        if upper:
                            if lack[group] <= known + 0.6 * slack[into]:
                                continue
                            if known + base[into] >= 1.0:
                                continue
                            raised = True
                            level = lack[group] + over[into]
                            over[into] *= 1.1
                        elif wholly and complete[group] == degree[group]:
                            level = 1.0
                        elif lack[group] <= known:
                            continue
                        else:
                            level = lack[group] - reserve[group]
                            if level <= known:
                                continue
                        if known == 0.0:
                            unit_seen[units] = into
                            units += 1
                        loss[into] = min(1.0, level)
                        if not waiting[into] and (
                            loss[into] - sent[into] > 0.125 * slack[into] or loss[into] == 1.0
                        ):
                            waiting[into] = True
                            if busy[into]:
                                postponed[later] = into
                                later += 1
                            else:
                                queue[tail % width] = into
                                tail += 1
        index[done] = low
        short[done] = units * 3e-16
        if raised:
            high = 0.0
            for place in range(units):
                at = unit_seen[place]
                for spot in range(member_from[at], member_from[at + 1]):
                    other = member[spot] % firms
                    if not seen[other]:
                        seen[other] = True
                        high += weight[other] * max(loss[unit[other]], loss[unit[other + firms]])
            for place in range(units):
                at = unit_seen[place]
                for spot in range(member_from[at], member_from[at + 1]):
                    seen[member[spot] % firms] = False
            short[done] += max(0.0, high - low)
        for place in range(kinds_seen):
            kind = exposure_seen[place]
            if made_whole[kind] > 0.0 and exposure[kind] >= exposed_from * made_whole[kind]:
                exposed_product[rows] = kind
                exposed_lost[rows] = exposure[kind] / made_whole[kind]
                rows += 1
                exposed_count[done] += 1
            exposure[kind] = 0.0
        for place in range(units):
            at = unit_seen[place]
            loss[at] = 0.0
            sent[at] = 0.0
            over[at] = slack[at]
        for place in range(groups):
            lack[group_seen[place]] = 0.0
            complete[group_seen[place]] = 0
        for place in range(products):
            kind = product_seen[place]
            source = newest[kind]
            while source >= 0:
                after = following[source]
                following[source] = UNLISTED
                offered[source] = 0.0
                source = after
            newest[kind] = -1
            gone[kind] = 0.0
            standing[kind] = makers[kind]
        work += 8 * units
        done += 1
    return done
