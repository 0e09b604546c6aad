namespace Ambient.Lab.Demo;

/// <summary>The report: what was shown, what was seen, and how to go on by hand.</summary>
internal static class DemoReport
{
    private const int Columns = 80;
    private const string Indent = "           ";

    /// <summary>0 when everything was as it should be; otherwise 1, and the last lines name what was not.</summary>
    public static int Print(TextWriter output, IReadOnlyList<DemoCheck> checks)
    {
        output.WriteLine();
        foreach (DemoCheck check in checks)
        {
            output.WriteLine($"  {(check.Passed ? "ok    " : "FAILED")} {check.What}");
            Wrap(output, check.Seen);
        }

        DemoCheck[] failed = [.. checks.Where(c => !c.Passed)];
        output.WriteLine();
        output.WriteLine(failed.Length == 0
            ? $"{checks.Count} of {checks.Count} shown."
            : $"{failed.Length} of {checks.Count} failed: {string.Join("; ", failed.Select(c => c.What))}");
        return failed.Length == 0 ? 0 : 1;
    }

    private static void Wrap(TextWriter output, string text)
    {
        string line = Indent;
        foreach (string word in text.Split(' '))
        {
            if (line.Length > Indent.Length && line.Length + 1 + word.Length > Columns)
            {
                output.WriteLine(line);
                line = Indent;
            }

            line += line.Length == Indent.Length ? word : $" {word}";
        }

        output.WriteLine(line);
    }

    public static void PrintHowToGoOn(TextWriter output, string kubeconfig)
    {
        output.WriteLine();
        output.WriteLine("The mesh stays up. In another terminal:");
        output.WriteLine($"  export KUBECONFIG={kubeconfig}");
        output.WriteLine("  kubectl get pods -A -o wide");
        output.WriteLine("  kubectl exec -n shop deploy/web -- curl -s http://orders.shop/");
        output.WriteLine("  kubectl delete authorizationpolicy -n shop no-payment orders-callers");
        output.WriteLine("  kubectl label namespace shop ambient.dev/mesh-");
        output.WriteLine("Ctrl-C ends it and leaves nothing behind.");
    }
}
