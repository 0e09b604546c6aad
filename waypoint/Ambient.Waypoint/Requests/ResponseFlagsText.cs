using System.Collections.Concurrent;

namespace Ambient.Waypoint.Requests;

/// <summary>Flags as access logs and metrics have them: <c>UF,URX</c>, or <c>-</c> for none.</summary>
internal static class ResponseFlagsText
{
    private static readonly string[] s_letters =
        ["UF", "UH", "UO", "URX", "NR", "DC", "LR", "RL", "FI", "DI", "UT", "UC", "UR", "UAEX", "DPE", "UPE", "NC", "SI", "DT", "OM"];

    // Few of the combinations occur; each is written once.
    private static readonly ConcurrentDictionary<ResponseFlags, string> s_known = [];

    public static string Of(ResponseFlags flags) => flags == ResponseFlags.None ? "-" : s_known.GetOrAdd(flags, Join);

    private static string Join(ResponseFlags flags) =>
        string.Join(',', s_letters.Where((_, i) => ((uint)flags & (1u << i)) != 0));
}
