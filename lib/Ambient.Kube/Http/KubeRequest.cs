namespace Ambient.Kube.Http;

/// <summary>One HTTP request, held as data so that it can be sent again.</summary>
internal sealed record KubeRequest(HttpMethod Method, string PathAndQuery)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Null: no body.</summary>
    public string? ContentType { get; init; }

    public string Accept { get; init; } = "application/json";

    /// <summary>The answer may never end: the time limit stands for its headers only.</summary>
    public bool Streaming { get; init; }

    public static KubeRequest Get(string pathAndQuery) => new(HttpMethod.Get, pathAndQuery);

    public static KubeRequest Post(string pathAndQuery, byte[] json) =>
        new(HttpMethod.Post, pathAndQuery) { Body = json, ContentType = "application/json" };
}
