using System.Globalization;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// Rules, policy route and their upkeep in one pod's netns.
/// One caller at a time: the enrolment loop owns it.
/// </summary>
internal sealed class PodRedirect(Netns netns) : IDisposable
{
    /// <summary>Just before <c>main</c>, as the reference does (3.1).</summary>
    private const int RulePreference = 32764;

    private const int RouteTable = 100;

    private readonly RuleWatch _watch = new();
    private string? _asInstalled;
    private RedirectPlan? _plan;

    /// <summary>How often the rules have been listed.</summary>
    internal int Listings { get; private set; }

    /// <summary>Captures. The listeners must be there already.</summary>
    internal Task InstallAsync(RedirectPlan plan) => netns.RunAsync(() =>
    {
        InstallRoutes(plan.Marks);
        Tool.Run("nft", RedirectRules.Install(plan), "-f", "-");
        _asInstalled = List();
        _plan = plan;
        return true;
    });

    /// <summary>Puts the rules back when something changed them. Cheap while nothing in the netns changes.</summary>
    /// <returns>True when they had to be.</returns>
    internal Task<bool> RestoreAsync() =>
        _plan is not null && _watch.MayHaveChanged() ? netns.RunAsync(Restore) : Task.FromResult(false);

    private bool Restore()
    {
        bool lost = _plan is not null && List() != _asInstalled;
        _watch.Looked(lost);
        if (!lost)
        {
            return false;
        }

        InstallRoutes(_plan!.Marks);
        Tool.Run("nft", RedirectRules.Install(_plan), "-f", "-");
        if (List() != _asInstalled)
        {
            // Something of another shape stands in our table (a chain, a set): start from nothing.
            Tool.Run("nft", RedirectRules.Remove() + RedirectRules.Install(_plan), "-f", "-");
            _asInstalled = List();
        }

        return true;
    }

    /// <summary>New connections pass uncaptured; those captured already go on.</summary>
    internal Task ReleaseAsync() => netns.RunAsync(() =>
    {
        _plan = null;
        return Tool.Run("nft", RedirectRules.Release(), "-f", "-");
    });

    internal Task RemoveAsync(NodeMarks marks) => netns.RunAsync(() =>
    {
        _plan = null;
        Tool.Run("nft", RedirectRules.Remove(), "-f", "-");
        foreach (string family in Families())
        {
            Tool.TryRun("ip", "", family, "rule", "del", "fwmark", Hex(marks.Reply), "lookup", Text(RouteTable));
            Tool.TryRun("ip", "", family, "route", "del", "local", "default", "dev", "lo", "table", Text(RouteTable));
        }

        return true;
    });

    public void Dispose() => _watch.Dispose();

    // Replies to connections that carry a client's address are delivered here instead of leaving to the client.
    private static void InstallRoutes(NodeMarks marks)
    {
        foreach (string family in Families())
        {
            (int code, _, string errors) = Tool.TryRun("ip", "", family,
                "rule", "add", "fwmark", Hex(marks.Reply), "pref", Text(RulePreference), "lookup", Text(RouteTable));
            if (code != 0 && !errors.Contains("File exists", StringComparison.Ordinal))
            {
                throw new IOException($"ip {family} rule add failed: {errors.Trim()}");
            }

            Tool.Run("ip", "", family, "route", "replace", "local", "default", "dev", "lo", "table", Text(RouteTable));
        }
    }

    private string List()
    {
        _watch.Mark();
        Listings++;
        (int code, string output, _) = Tool.TryRun("nft", "", "-s", "list", "table", "inet", "ambient");
        return code == 0 ? output : "";
    }

    // The thread's own view: /proc/sys/net shows the netns of the reader.
    private static string[] Families() =>
        File.Exists("/proc/sys/net/ipv6/conf/lo/disable_ipv6")
        && File.ReadAllText("/proc/sys/net/ipv6/conf/lo/disable_ipv6").Trim() == "0" ? ["-4", "-6"] : ["-4"];

    private static string Hex(uint value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
