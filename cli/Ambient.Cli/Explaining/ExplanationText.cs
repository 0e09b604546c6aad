using Ambient.Cli.Output;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Policy;

namespace Ambient.Cli.Explaining;

/// <summary>The answer for people: the way drawn hop by hop, every policy with the clause that decided, and the verdict last.</summary>
internal static class ExplanationText
{
    public static void Write(TextWriter output, Explanation e)
    {
        output.WriteLine($"{e.From.Text} → {e.To.Text}");
        output.WriteLine();
        WriteHops(output, e);
        WritePolicies(output, e);
        Paragraph.Write(output, $"{e.Outcome.ToString().ToUpperInvariant()}{(e.Status is { } status ? $" ({status})" : "")}: {e.Reason}", indent: 0);
    }

    private static void WriteHops(TextWriter output, Explanation e)
    {
        for (int i = 0; i < e.Hops.Length; i++)
        {
            Hop hop = e.Hops[i];
            if (i == 0)
            {
                output.WriteLine($"  ● {hop.From}{(e.From.Pod is null ? "" : $"  {e.From.Address}")}");
            }

            string line = hop.Encrypted ? "║" : "│";
            string how = hop.Encrypted ? $"HBONE {hop.Address}, CONNECT {hop.Authority}, mutual TLS 1.3" : $"TCP {hop.Address}";
            output.WriteLine($"  {line}   {how}");
            if (hop.Encrypted)
            {
                output.WriteLine($"  {line}   client {hop.Client}");
                output.WriteLine($"  {line}   server {hop.Server}");
            }

            Paragraph.Write(output, hop.Note, $"  {line}   ");
            output.WriteLine(hop.Completed ? $"  ● {hop.To}" : $"  ✗ {hop.To}  ends here");
        }

        output.WriteLine();
    }

    private static void WritePolicies(TextWriter output, Explanation e)
    {
        if (e.Policies.IsEmpty)
        {
            // A refusal may come before any policy is looked at.
            if (e.Outcome is Outcome.Allow or Outcome.Deny)
            {
                output.WriteLine("no policy applies to the destination");
                output.WriteLine();
            }

            return;
        }

        output.WriteLine($"{e.Policies.Length} {(e.Policies.Length == 1 ? "policy applies" : "policies apply")} to the destination");
        foreach (PolicyVerdict verdict in e.Policies)
        {
            (string kind, NamespacedName name) = PolicyTitle.Of(verdict);
            string action = verdict.Action?.ToString().ToUpperInvariant() ?? "MISSING";
            string state = verdict.Matched ? "matched" : "no match";
            output.WriteLine($"  {Sign(verdict)} {action,-7} {kind} {name}  {state}{(verdict.DryRun ? ", dry run" : "")}{(verdict.Decided ? "  ◄ decided" : "")}");
            foreach (string reason in verdict.Reason.Split("; "))
            {
                Paragraph.Write(output, reason, indent: 12);
            }
        }

        output.WriteLine();
    }

    private static char Sign(PolicyVerdict verdict) => (verdict.Decided, verdict.Matched, verdict.Action) switch
    {
        (true, true, PolicyAction.Allow) => '✓',
        (true, _, _) => '✗',
        _ => '·',
    };
}
