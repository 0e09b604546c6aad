using System.Collections.Immutable;
using Ambient.Policy.Requests;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>AUDIT and dry-run policies that match are told, never enforced.</summary>
internal static class PolicyNotes
{
    private const int Most = 8;

    public static void Add(RequestRecord record, ImmutableArray<RequestVerdict> verdicts)
    {
        foreach (RequestVerdict verdict in verdicts)
        {
            if ((record.Notes ??= []).Count < Most)
            {
                record.Notes.Add($"{verdict.Action.ToString().ToLowerInvariant()} {verdict.Origin} {verdict.Reason}{(verdict.DryRun ? " (dry run)" : "")}");
            }
        }
    }
}
