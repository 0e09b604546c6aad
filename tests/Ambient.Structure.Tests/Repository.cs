using System.Xml.Linq;

namespace Ambient.Structure.Tests;

/// <summary>Reads the project files of the checkout that this test program was built in.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Paths = new(() =>
        Directory.EnumerateFiles(Root(), "*.csproj", SearchOption.AllDirectories)
            .Where(p => !p.Contains("/artifacts/", StringComparison.Ordinal))
            .ToDictionary(p => Path.GetFileNameWithoutExtension(p)!, p => p, StringComparer.Ordinal));

    public static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ambient.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"no Ambient.sln above {AppContext.BaseDirectory}");
    }

    public static IEnumerable<(string Name, string Path)> Projects() => Paths.Value.Select(p => (p.Key, p.Value));

    public static string PathOf(string name) => Paths.Value[name];

    public static IEnumerable<string> References(string name) =>
        Items(name, "ProjectReference").Select(v => Path.GetFileNameWithoutExtension(v.Replace('\\', '/')));

    public static IEnumerable<string> Packages(string name) => Items(name, "PackageReference");

    public static IReadOnlySet<string> Closure(string name)
    {
        HashSet<string> seen = [];
        Queue<string> open = new(Paths.Value.ContainsKey(name) ? [name] : []);
        while (open.TryDequeue(out string? next))
        {
            foreach (string reference in References(next).Where(seen.Add))
            {
                open.Enqueue(reference);
            }
        }

        return seen;
    }

    public static IEnumerable<string> SourceFolders() =>
        Paths.Value.Values.SelectMany(p => Directory.EnumerateDirectories(Path.GetDirectoryName(p)!, "*", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<string> Items(string name, string element) =>
        XDocument.Load(Paths.Value[name]).Descendants(element)
            .Select(e => (string?)e.Attribute("Include") ?? "").Where(v => v.Length > 0);
}
