namespace Ambient.Structure.Tests;

/// <summary>
/// Holds who may know whom. The walls that matter most: the node proxy and the waypoint have no Kubernetes client, the core
/// has no I/O, and every yes or no is decided in libraries without any.
/// </summary>
public sealed class ReferenceGraphTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Policy"] = ["Core"],
        ["Routing"] = ["Core"],
        ["Identity"] = ["Core"],
        ["Discovery"] = ["Core"],
        ["Hbone"] = ["Core", "Identity"],
        ["Kube"] = [],
        ["Kube.Emulator"] = ["Kube"],
        ["Resources"] = ["Kube"],
        ["Compile"] = ["Core", "Policy", "Routing", "Resources"],
        ["Proxy"] = ["Core", "Identity", "Hbone", "Discovery"],
        ["Ztunnel"] = ["Core", "Policy", "Routing", "Identity", "Hbone", "Discovery", "Proxy"],
        ["Waypoint"] = ["Core", "Policy", "Routing", "Identity", "Hbone", "Discovery", "Proxy"],
        ["Operator"] = ["Core", "Identity", "Discovery", "Kube", "Resources", "Compile"],
        ["Cni"] = [],
        ["Echo"] = [],
    };

    /// <summary>Packages of the pure libraries: none that could bring I/O into a decision.</summary>
    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Policy"] = [],
        ["Routing"] = [],
        ["Compile"] = [],
    };

    public static TheoryData<string> Projects() => [.. Repository.Projects().Select(p => p.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_StayInsideTheAllowedGraph(string name)
    {
        if (!Allowed.TryGetValue(Short(name), out string[]? allowed))
        {
            Assert.True(IsFree(name), $"{name} has no row in the allowed graph: add one, with a reason in docs/decisions");
            return;
        }

        string[] strangers = [.. Repository.References(name).Select(Short).Except(allowed, StringComparer.Ordinal)];
        Assert.True(strangers.Length == 0, $"{name} must not reference {string.Join(", ", strangers)}");
    }

    [Theory]
    [InlineData("Ambient.Ztunnel")]
    [InlineData("Ambient.Waypoint")]
    public void DataPlane_AllItsReferences_NeverReachKubernetes(string name)
    {
        Assert.DoesNotContain("Ambient.Kube", Repository.Closure(name));
        Assert.DoesNotContain("Ambient.Resources", Repository.Closure(name));
    }

    [Fact]
    public void PureLibraries_Packages_NoneThatDoInputOrOutput()
    {
        foreach ((string name, string[] allowed) in AllowedPackages)
        {
            Assert.Empty(Repository.Packages("Ambient." + name).Except(allowed, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Folders_Names_SayWhatAConnectionMeets()
    {
        string[] banned = ["Models", "Services/Impl", "Helpers", "Utils", "Utilities", "Common", "Misc"];
        string[] found = [.. Repository.SourceFolders().Where(f => banned.Contains(Path.GetFileName(f), StringComparer.Ordinal))];
        Assert.True(found.Length == 0, $"these folder names say nothing: {string.Join(", ", found)}");
    }

    private static string Short(string name) => name["Ambient.".Length..];

    /// <summary>Tests, benchmarks, the lab and the terminal program may use what they need.</summary>
    private static bool IsFree(string name) =>
        name.EndsWith(".Tests", StringComparison.Ordinal)
        || name is "Ambient.Testing" or "Ambient.Benchmarks" or "Ambient.Lab" or "Ambient.Cli"
        || Repository.PathOf(name).Contains("/examples/", StringComparison.Ordinal);
}
