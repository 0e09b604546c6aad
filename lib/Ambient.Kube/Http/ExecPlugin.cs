using System.Collections.Immutable;

namespace Ambient.Kube.Http;

/// <summary>A kubeconfig's <c>exec</c> stanza: the program that gets credentials.</summary>
public sealed record ExecPlugin
{
    public required string Command { get; init; }

    public ImmutableArray<string> Args { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Env { get; init; } = [];

    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>v1beta1</c>.</summary>
    public required string ApiVersion { get; init; }

    public string? InstallHint { get; init; }

    public bool ProvideClusterInfo { get; init; }
}
