using System.Globalization;
using System.Text.Json.Nodes;

namespace Ambient.Lab.Demo;

/// <summary>What <c>ambient-shop load</c> counted in a pod.</summary>
internal sealed class LoadResult(JsonObject json)
{
    public int Requests => (int)json["requests"]!;

    public int OverSecond => (int)json["overSecond"]!;

    public int Status(int status) => Count("status", status.ToString(CultureInfo.InvariantCulture));

    public int Version(string version) => Count("versions", version);

    public string Share(int count) => ((double)count / Requests).ToString("P1", CultureInfo.InvariantCulture);

    /// <summary>Null for output of another kind.</summary>
    public static LoadResult? Parse(string output) => output.StartsWith('{') && JsonNode.Parse(output) is JsonObject json ? new LoadResult(json) : null;

    private int Count(string group, string key) => json[group]?[key] is { } n ? (int)n : 0;
}
