using System.Globalization;
using System.Text.RegularExpressions;

namespace Ambient.Kube.Emulator.Types;

/// <summary>Version priority: v2, v1, v1beta2, v1beta1, v1alpha1, then other words by name (CRD documentation, "Version priority").</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        (int stage, int major, int minor) a = Rank(x!), b = Rank(y!);
        int order = a.CompareTo(b);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        Match m = Shape.Match(version);
        if (!m.Success)
        {
            return (3, 0, 0);
        }

        int stage = m.Groups[2].Value switch { "" => 0, "beta" => 1, _ => 2 };
        return (stage, -Parse(m.Groups[1].Value), -Parse(m.Groups[3].Value));
    }

    private static int Parse(string digits) => int.TryParse(digits, CultureInfo.InvariantCulture, out int n) ? n : 0;

    [GeneratedRegex("^v([0-9]+)(?:(alpha|beta)([0-9]+))?$")]
    private static partial Regex Shape { get; }
}
