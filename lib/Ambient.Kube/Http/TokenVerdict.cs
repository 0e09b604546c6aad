using System.Collections.ObjectModel;

namespace Ambient.Kube.Http;

/// <summary>What TokenReview says about a token (authentication.k8s.io/v1 TokenReviewStatus).</summary>
public sealed record TokenVerdict
{
    public bool Authenticated { get; init; }

    /// <summary>E.g. <c>system:serviceaccount:NAMESPACE:NAME</c>.</summary>
    public string Username { get; init; } = "";

    public string Uid { get; init; } = "";

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>E.g. <c>authentication.kubernetes.io/pod-name</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } =
        ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>Those of the asked audiences that the token is for.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    public string? Error { get; init; }
}
