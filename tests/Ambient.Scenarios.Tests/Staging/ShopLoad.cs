using System.Text.Json.Nodes;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What a row of requests came to, counted by the client in the pod (<c>ambient-shop load</c>).</summary>
internal sealed record ShopLoad(JsonObject Json)
{
    public int Requests => (int)Json["requests"]!;

    /// <summary>Answers with this status.</summary>
    public int Status(int status) => Count("status", $"{status}");

    /// <summary>Answers of this version.</summary>
    public int Version(string version) => Count("versions", version);

    /// <summary>Answers that a proxy made itself, for this reason.</summary>
    public int Reason(string reason) => Count("reasons", reason);

    public IReadOnlyDictionary<string, int> Pods => Json["pods"]!.AsObject().ToDictionary(p => p.Key, p => (int)p.Value!);

    /// <summary>Requests without any answer.</summary>
    public int Unanswered => Json["errors"]!.AsObject().Sum(e => (int)e.Value!);

    public int OverSecond => (int)Json["overSecond"]!;

    /// <summary>Milliseconds of the slowest.</summary>
    public double Slowest => (double)Json["ms"]!["max"]!;

    public double Median => (double)Json["ms"]!["p50"]!;

    public double Share(int count) => (double)count / Requests;

    public override string ToString() => Json.ToJsonString();

    private int Count(string group, string key) => Json[group]?[key] is { } n ? (int)n : 0;
}
