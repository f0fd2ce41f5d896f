-------------------------------- MODULE Fence --------------------------------
(***************************************************************************)
(* One replica is three actors: Election owns term and vote, Log owns the  *)
(* entries, Store owns the disk.  They share nothing and talk by messages  *)
(* that take their time.  Raft assumes that a server grants a vote and     *)
(* acknowledges entries in one atomic step; here the fence stands in for   *)
(* that: Election raises Log's fence to its term, and decides a vote only  *)
(* on the position that Log has told behind that fence.                    *)
(*                                                                         *)
(* What a node has sent may arrive at any time, any number of times, or    *)
(* never.  The network is therefore the history of what was sent, and it   *)
(* only grows.  docs/tla.md maps each action to the code.                  *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS Node, Nil, First, MaxTerm, MaxLength, MaxCrashes, MaxCampaigns,
          UseFence,     \* FALSE: the vote is decided on Election's own copy of the position
          Break,        \* the rule that is left out; "none" in the specification itself
          Late,         \* TRUE: every local message may be late; FALSE: those are prompt whose being late
                        \* only looks as if something else had been late (docs/tla.md says why)
          Start         \* "empty"; "led": First has just won term 1; "replicated": it has committed an entry that
                        \* all hold; "figure 8": First has just won term 3, the logs differ as in 8(c) of the paper

VARIABLES
    election,    \* node -> term, vote, candidate, durable (the term that it knows on disk),
                 \*         writes (ballots handed to Store), flushed (for how many of them Written is on its way)
    log,         \* node -> fence, leads (the term, or 0), entries (their terms), durable,
                 \*         writes (handed to Store), flushed (as above), waiting (acknowledgements for the disk)
    disk,        \* node -> term, vote, entries: what a restart reads
    toLog,       \* node -> messages from Election to Log, in order
    toElection,  \* node -> messages from Log to Election, in order
    copy,        \* node -> Election's copy of Log's position; only without the fence
    asked,       \* RequestVote
    votes,       \* VoteReply, granted
    won,         \* who has counted a majority of votes
    led,         \* term -> the log of its leader: AppendEntries carries any slice of it
    committed,   \* term -> its leader's commit index, which AppendEntries carries too
    acked,       \* term -> node -> AppendReply: the highest index that it has acknowledged
    crashes, campaigns

network == <<asked, votes, won, led, committed, acked>>
bounds == <<crashes, campaigns>>
vars == <<election, log, disk, toLog, toElection, copy, network, bounds>>

Symmetry == Permutations(Node \ {First})
Terms == 1..MaxTerm
Min(a, b) == IF a < b THEN a ELSE b
MaxOf(numbers) == CHOOSE a \in numbers : \A b \in numbers : a >= b
Max(a, b) == MaxOf({a, b})
Majority(nodes) == 2 * Cardinality(nodes) > Cardinality(Node)
IsPrefix(a, b) == Len(a) <= Len(b) /\ a = SubSeq(b, 1, Len(a))
TermAt(entries, index) == IF index = 0 THEN 0 ELSE entries[index]
LastTerm(entries) == TermAt(entries, Len(entries))
Position(entries) == [term |-> LastTerm(entries), index |-> Len(entries)]
UpToDate(a, b) == a.term > b.term \/ (a.term = b.term /\ a.index >= b.index)
Committed(t) == SubSeq(led[t], 1, committed[t])

Fence(t, for) == [type |-> "Fence", term |-> t, for |-> for]      \* for: the candidate to decide on, or Nil
Fenced(t, for, last) == [type |-> "Fenced", term |-> t, for |-> for, last |-> last]
Lead(t) == [type |-> "Lead", term |-> t]

FreshElection(d) ==
    [term |-> d.term, vote |-> d.vote, candidate |-> FALSE, durable |-> d.term, writes |-> <<>>, flushed |-> 0]

FreshLog(d) ==    \* F4: closed until the first fence.  What was recovered is durable.
    [fence |-> IF Break = "open after restart" THEN LastTerm(d.entries) ELSE 0,
     leads |-> 0, entries |-> d.entries, durable |-> Len(d.entries),
     writes |-> <<>>, flushed |-> 0, waiting |-> {}]

Vote(t, n, c) == [term |-> t, from |-> n, for |-> c]
Request(t, n, last) == [term |-> t, from |-> n, last |-> last]

FirstTerm == CASE Start = "empty" -> 0 [] Start = "figure 8" -> 3 [] OTHER -> 1

FirstDisk(n, other) ==
    [term |-> FirstTerm,
     vote |-> IF Start = "empty" \/ (Start = "figure 8" /\ n = other) THEN Nil ELSE First,
     entries |-> CASE Start = "replicated" -> <<1>>
                   [] Start = "figure 8" -> IF n = First THEN <<1>> ELSE IF n = other THEN <<2>> ELSE <<>>
                   [] OTHER -> <<>>]

Init == \E other \in Node \ {First} : LET isLed == FirstTerm > 0
                                          begun == IF Start = "replicated" THEN 1 ELSE 0 IN
    /\ disk = [n \in Node |-> FirstDisk(n, other)]
    /\ election = [n \in Node |-> FreshElection(disk[n])]
    /\ log = [n \in Node |-> [FreshLog(disk[n]) EXCEPT
            !.fence = FirstTerm, !.leads = IF n = First THEN begun ELSE 0]]
    /\ toLog = [n \in Node |-> IF isLed /\ n = First /\ begun = 0 THEN <<Lead(FirstTerm)>> ELSE <<>>]
    /\ toElection = [n \in Node |-> <<>>]
    /\ copy = [n \in Node |-> Position(disk[n].entries)]
    /\ asked = IF isLed THEN {Request(FirstTerm, First, Position(disk[First].entries))} ELSE {}
    /\ votes = {Vote(FirstTerm, n, First) : n \in {m \in Node \ {First} : disk[m].vote = First}}
    /\ won = IF isLed THEN {[term |-> FirstTerm, node |-> First]} ELSE {}
    /\ led = [t \in Terms |-> IF t = begun THEN <<1>> ELSE <<>>]
    /\ committed = [t \in Terms |-> IF t = begun THEN 1 ELSE 0]
    /\ acked = [t \in Terms |-> [n \in Node |-> IF t = begun THEN 1 ELSE 0]]
    /\ crashes = 0 /\ campaigns = 0

------------------------------------------------------------------------------
(* Election *)

(* The ballot in memory changes at once; its write is handed to Store. *)
Cast(e, t, v, candidate) ==
    [e EXCEPT !.term = t, !.vote = v, !.candidate = candidate, !.writes = Append(@, [term |-> t, vote |-> v])]

(* A higher term.  What Log has answered to attempts of the lower one is as good as gone. *)
Raise(n, t, v, candidate) ==
    LET late == Late \/ Break = "fence before ballot" IN
    /\ ~late => election[n].writes = <<>>
    /\ election' = [election EXCEPT ![n] =
            IF late THEN Cast(@, t, v, candidate)
            ELSE [@ EXCEPT !.term = t, !.vote = v, !.candidate = candidate, !.durable = t]]
    /\ disk' = IF late THEN disk ELSE [disk EXCEPT ![n].term = t, ![n].vote = v]
    /\ toElection' = IF UseFence THEN [toElection EXCEPT ![n] = <<>>] ELSE toElection

Campaign(n) ==
    LET t == election[n].term + 1 IN
    /\ t <= MaxTerm /\ campaigns < MaxCampaigns /\ campaigns' = campaigns + 1
    /\ Raise(n, t, n, TRUE)
    /\ UNCHANGED <<log, toLog, copy, network, crashes>>

(* Any message tells its sender's term, and leaves only when that term is durable. *)
Told(t) == (\E m \in Node : election[m].durable = t) \/ (\E r \in asked : r.term = t)

Adopt(n, t) ==
    /\ t > election[n].term /\ Told(t)
    /\ Raise(n, t, Nil, FALSE)
    /\ UNCHANGED <<log, toLog, copy, network, bounds>>

BallotWritten(n) ==
    LET e == election[n]
        written == e.writes[1] IN
    /\ e.writes # <<>> /\ (Late => e.flushed > 0)
    /\ disk' = IF Late THEN disk ELSE [disk EXCEPT ![n].term = written.term, ![n].vote = written.vote]
    /\ election' = [election EXCEPT ![n].writes = Tail(@), ![n].durable = written.term,
                                    ![n].flushed = IF Late THEN @ - 1 ELSE 0]
    /\ votes' = IF written.vote \in {Nil, n} THEN votes ELSE votes \union {Vote(written.term, n, written.vote)}
    /\ UNCHANGED <<log, toLog, toElection, copy, asked, won, led, committed, acked, bounds>>

(* Log: a higher fence ends leading and following; the answer tells the end in memory, durable or not. *)
Moved(n, fence) ==
    /\ log' = IF fence.term > log[n].fence
              THEN [log EXCEPT ![n].fence = fence.term,
                               ![n].waiting = IF Break = "late acknowledgement" THEN @ ELSE {},
                               ![n].leads = IF Break = "leads on" THEN @ ELSE 0]
              ELSE log
    /\ toElection' = IF fence.for = Nil THEN toElection
                     ELSE [toElection EXCEPT ![n] =
                            Append(@, Fenced(log'[n].fence, fence.for, Position(log[n].entries)))]

IsAsked(t, n) == \E r \in asked : r.term = t /\ r.from = n

(* F1: the term is durable before its fence.  F3: so is a candidacy, and each request has a fence of its own [C3]. *)
SendFence(n, for) ==
    LET e == election[n]
        fence == Fence(e.term, for)
        wanted == CASE for = Nil -> log[n].fence < e.term
                    [] for = n -> e.candidate /\ ~IsAsked(e.term, n) /\ UseFence
                    [] OTHER -> /\ e.vote = Nil /\ UseFence
                                /\ \E r \in asked : /\ r.term = e.term /\ r.from = for
                                                   /\ ~Late => UpToDate(r.last, Position(log[n].entries)) IN
    /\ e.durable = e.term \/ Break = "fence before ballot"
    /\ wanted
    /\ \A i \in DOMAIN toLog[n] : toLog[n][i] # fence
    /\ \A i \in DOMAIN toElection[n] : toElection[n][i].term # e.term \/ toElection[n][i].for # for
    /\ IF Late
       THEN toLog' = [toLog EXCEPT ![n] = Append(@, fence)] /\ UNCHANGED <<log, toElection>>
       ELSE toLog[n] = <<>> /\ Moved(n, fence) /\ UNCHANGED toLog
    /\ UNCHANGED <<election, disk, copy, network, bounds>>

(* §5.4.1: first come, first served, and only to a log that lacks nothing of one's own. *)
Decide(n, c, last) ==
    LET grants == /\ election[n].vote = Nil
                  /\ \E r \in asked : r.from = c /\ r.term = election[n].term /\ UpToDate(r.last, last) IN
    /\ election' = IF grants THEN [election EXCEPT ![n] = Cast(@, @.term, c, FALSE)] ELSE election
    /\ votes' = IF grants /\ Break = "vote before durable"
                THEN votes \union {Vote(election[n].term, n, c)} ELSE votes

(* Without the fence: a candidacy and a vote rest on what Election last heard of its Log. *)
Guess(n) ==
    LET e == election[n] IN
    /\ ~UseFence /\ e.durable = e.term
    /\ IF e.candidate THEN asked' = asked \union {Request(e.term, n, copy[n])} /\ UNCHANGED <<election, votes>>
       ELSE (\E r \in asked : Decide(n, r.from, copy[n])) /\ UNCHANGED asked
    /\ UNCHANGED <<log, disk, toLog, toElection, copy, won, led, committed, acked, bounds>>

LogAnswers(n) ==
    LET m == Head(toElection[n]) IN
    /\ toElection[n] # <<>>
    /\ toElection' = [toElection EXCEPT ![n] = Tail(@)]
    /\ copy' = IF UseFence THEN copy ELSE [copy EXCEPT ![n] = m.last]
    /\ CASE m.for = Nil \/ m.term # election[n].term -> UNCHANGED <<election, asked, votes>>
         [] m.for = n -> /\ asked' = IF election[n].candidate
                                     THEN asked \union {Request(m.term, n, m.last)} ELSE asked
                         /\ UNCHANGED <<election, votes>>
         [] OTHER -> Decide(n, m.for, m.last) /\ UNCHANGED asked
    /\ UNCHANGED <<log, disk, toLog, won, led, committed, acked, bounds>>

Win(n) ==
    LET t == election[n].term IN
    /\ election[n].candidate /\ IsAsked(t, n)
    /\ Majority({n} \union {m \in Node : Vote(t, m, n) \in votes})
    /\ election' = [election EXCEPT ![n].candidate = FALSE]
    /\ won' = won \union {[term |-> t, node |-> n]}
    /\ toLog' = [toLog EXCEPT ![n] = Append(@, Lead(t))]
    /\ UNCHANGED <<log, disk, toElection, copy, asked, votes, led, committed, acked, bounds>>

------------------------------------------------------------------------------
(* Log *)

(* The log from an index on is exactly these entries: one write; what it replaces, no earlier write makes durable. *)
Write(l, from, entries) ==
    LET clipped(w) == IF Break = "replaced counts as durable" THEN w ELSE [w EXCEPT !.last = Min(@, from - 1)] IN
    [l EXCEPT !.entries = SubSeq(@, 1, from - 1) \o entries,
              !.durable = Min(@, from - 1),
              !.writes = Append([i \in DOMAIN @ |-> clipped(@[i])],
                                [from |-> from, entries |-> entries, last |-> from - 1 + Len(entries)])]

Flushed(entries, write) == SubSeq(entries, 1, write.from - 1) \o write.entries

(* Without the fence Election hears of the position, later. *)
TellPosition(n) ==
    IF UseFence THEN UNCHANGED toElection
    ELSE toElection' = [toElection EXCEPT ![n] = Append(@, Fenced(0, Nil, Position(log'[n].entries)))]

MoveFence(n) ==
    /\ toLog[n] # <<>> /\ Head(toLog[n]).type = "Fence"
    /\ toLog' = [toLog EXCEPT ![n] = Tail(@)]
    /\ Moved(n, Head(toLog[n]))
    /\ UNCHANGED <<election, disk, copy, network, bounds>>

(* The leader's log has grown: it goes to its followers and to its own Store at the same time. *)
Extend(n, t) ==
    /\ Len(log[n].entries) < MaxLength
    /\ log' = [log EXCEPT ![n] = [Write(@, Len(@.entries) + 1, <<t>>) EXCEPT !.leads = t]]
    /\ led' = [led EXCEPT ![t] = log'[n].entries]
    /\ TellPosition(n)
    /\ UNCHANGED <<election, disk, copy, asked, votes, won, committed, acked, bounds>>

BeginToLead(n) ==    \* with a no-op of the own term
    /\ toLog[n] # <<>> /\ Head(toLog[n]).type = "Lead"
    /\ toLog' = [toLog EXCEPT ![n] = Tail(@)]
    /\ Head(toLog[n]).term = log[n].fence /\ log[n].leads = 0
    /\ Extend(n, log[n].fence)

Propose(n) == log[n].leads > 0 /\ Extend(n, log[n].leads) /\ UNCHANGED toLog

(* Figure 2, AppendEntries, for the entries first..last of the leader of term t. *)
Receive(n, t, first, last) ==
    LET l == log[n]
        previous == first - 1
        lacking == {i \in first..last : i > Len(l.entries) \/ l.entries[i] # led[t][i]}
        from == CHOOSE i \in lacking : \A j \in lacking : i <= j
        early == Break = "ack before flush"
        ack(index) == [acked EXCEPT ![t][n] = Max(@, index)] IN
    /\ IF UseFence THEN t = l.fence ELSE t >= l.fence
    /\ [term |-> t, node |-> n] \notin won
    /\ previous <= Len(l.entries) /\ TermAt(l.entries, previous) = TermAt(led[t], previous)
    /\ IF lacking = {}
       THEN /\ last <= l.durable    \* else the reply waits [A3]: the message comes again
            /\ log' = [log EXCEPT ![n].fence = t]
            /\ acked' = ack(last)
            /\ UNCHANGED toElection
       ELSE /\ log' = [log EXCEPT ![n] =
                        [Write(@, from, SubSeq(led[t], from, last)) EXCEPT
                            !.fence = t, !.leads = IF t > l.fence THEN 0 ELSE @,
                            !.waiting = IF early THEN @ ELSE @ \union {[term |-> t, matched |-> last]}]]
            /\ acked' = IF early THEN ack(last) ELSE acked
            /\ TellPosition(n)
    /\ UNCHANGED <<election, disk, toLog, copy, asked, votes, won, led, committed, bounds>>

EntriesWritten(n) ==
    LET l == log[n]
        durable == Max(l.durable, l.writes[1].last)
        ready == {w \in l.waiting : w.matched <= durable} IN
    /\ l.writes # <<>> /\ (Late => l.flushed > 0)
    /\ disk' = IF Late THEN disk ELSE [disk EXCEPT ![n].entries = Flushed(@, l.writes[1])]
    /\ log' = [log EXCEPT ![n].writes = Tail(@), ![n].flushed = IF Late THEN @ - 1 ELSE 0,
                          ![n].durable = durable, ![n].waiting = @ \ ready]
    /\ acked' = [t \in Terms |-> [acked[t] EXCEPT ![n] =
                    MaxOf({@} \union {w.matched : w \in {r \in ready : r.term = t}})]]
    /\ UNCHANGED <<election, toLog, toElection, copy, asked, votes, won, led, committed, bounds>>

(* §5.4.2: by counting only entries of the own term; the own copy counts when durable. *)
Commit(n, index) ==
    LET l == log[n]
        t == l.leads
        holders == {m \in Node : IF m = n THEN l.durable >= index ELSE acked[t][m] >= index} IN
    /\ t > 0 /\ index > committed[t] /\ index <= Len(l.entries)
    /\ l.entries[index] = t \/ Break = "old term by count"
    /\ Majority(holders)
    /\ committed' = [committed EXCEPT ![t] = index]
    /\ UNCHANGED <<election, log, disk, toLog, toElection, copy, asked, votes, won, led, acked, bounds>>

------------------------------------------------------------------------------
(* Store: in the order in which each actor handed its writes over *)

FlushBallot(n) ==
    LET e == election[n]
        next == e.writes[e.flushed + 1] IN
    /\ Late /\ e.flushed < Len(e.writes)
    /\ disk' = [disk EXCEPT ![n].term = next.term, ![n].vote = next.vote]
    /\ election' = [election EXCEPT ![n].flushed = @ + 1]
    /\ UNCHANGED <<log, toLog, toElection, copy, network, bounds>>

FlushEntries(n) ==
    LET l == log[n]
        next == l.writes[l.flushed + 1] IN
    /\ Late /\ l.flushed < Len(l.writes)
    /\ disk' = [disk EXCEPT ![n].entries = Flushed(@, next)]
    /\ log' = [log EXCEPT ![n].flushed = @ + 1]
    /\ UNCHANGED <<election, toLog, toElection, copy, network, bounds>>

(* The process dies: memory, local messages and unflushed writes are gone.  It returns with what is on disk. *)
Crash(n) ==
    /\ crashes < MaxCrashes /\ crashes' = crashes + 1
    /\ election' = [election EXCEPT ![n] = FreshElection(disk[n])]
    /\ log' = [log EXCEPT ![n] = FreshLog(disk[n])]
    /\ toLog' = [toLog EXCEPT ![n] = <<>>]
    /\ toElection' = [toElection EXCEPT ![n] = <<>>]
    /\ copy' = IF UseFence THEN copy ELSE [copy EXCEPT ![n] = Position(disk[n].entries)]
    /\ UNCHANGED <<disk, network, campaigns>>

Next == \E n \in Node :
    \/ Campaign(n) \/ (\E t \in Terms : Adopt(n, t)) \/ Guess(n) \/ Win(n)
    \/ \E for \in Node \union {Nil} : SendFence(n, for)
    \/ BallotWritten(n) \/ LogAnswers(n)
    \/ MoveFence(n) \/ BeginToLead(n) \/ Propose(n) \/ EntriesWritten(n)
    \/ \E t \in Terms : \E first \in 1..Len(led[t]) : \E last \in first..Len(led[t]) : Receive(n, t, first, last)
    \/ \E index \in 1..MaxLength : Commit(n, index)
    \/ FlushBallot(n) \/ FlushEntries(n) \/ Crash(n)

Spec == Init /\ [][Next]_vars

------------------------------------------------------------------------------
(* What must hold in every state (figure 3 of the paper, and the end of the protocol's rules) *)

ElectionSafety == \A a, b \in won : a.term = b.term => a.node = b.node

OneVotePerTerm ==
    \A a, b \in votes \union {Vote(r.term, r.from, r.from) : r \in asked} :
        a.term = b.term /\ a.from = b.from => a.for = b.for

Logs == {log[n].entries : n \in Node} \union {disk[n].entries : n \in Node} \union {led[t] : t \in Terms}

LogMatching ==
    \A a, b \in Logs : \A i \in 1..Min(Len(a), Len(b)) : a[i] = b[i] => SubSeq(a, 1, i) = SubSeq(b, 1, i)

LeaderCompleteness ==
    \A t, u \in Terms : t < u /\ led[u] # <<>> => IsPrefix(Committed(t), led[u])

StateMachineSafety ==
    \A t, u \in Terms : IsPrefix(Committed(t), Committed(u)) \/ IsPrefix(Committed(u), Committed(t))

ElectableHasCommitted ==    \* no majority would elect a log that lacks a committed entry
    \A t \in Terms : \A n \in Node : ~IsPrefix(Committed(t), log[n].entries) =>
        ~Majority({m \in Node : UpToDate(Position(log[n].entries), Position(log[m].entries))})

CommittedIsDurable ==    \* on a majority, whoever crashes
    \A t \in Terms : Majority({n \in Node : IsPrefix(Committed(t), disk[n].entries)})

(* F1, and what a replay of the journal insists on. *)
BallotBeforeFence == \A n \in Node : log[n].fence <= disk[n].term /\ LastTerm(disk[n].entries) <= disk[n].term

------------------------------------------------------------------------------
(* What must be reachable, else the model proves nothing: TLC has to find each of these violated *)

NeverCommitsAfterLeaderCrash ==    \* the leader of term 1 has returned, and its Log is still closed
    ~(crashes > 0 /\ committed[2] > 0 /\ \E w \in won : w.term = 1 /\ log[w.node].fence = 0)

NeverReplacesAnEntry ==    \* not even the one of the former leader
    ~\E w \in won : /\ w.term = 1 /\ ~IsPrefix(led[1], disk[w.node].entries)
                     /\ ~IsPrefix(disk[w.node].entries, led[1])

NeverWrittenBehindAHigherFence ==    \* an entry of the old leader on its way to the disk, and nobody to tell
    ~\E n \in Node : log[n].writes # <<>> /\ log[n].waiting = {} /\ log[n].leads = 0

NeverElectsAfterACommit == ~(committed[1] > 0 /\ \E w \in won : w.term = 2)
==============================================================================
