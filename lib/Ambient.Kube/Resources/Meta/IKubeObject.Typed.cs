using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>A C# type that stands for one kind: what the client needs to find its URLs.</summary>
public interface IKubeObject<TSelf> : IKubeObject
    where TSelf : class, IKubeObject<TSelf>
{
    static abstract GroupKind GroupKind { get; }

    /// <summary>Versions that the type can read, best first; empty means: whatever the server prefers.</summary>
    static virtual ImmutableArray<string> Versions => [];
}
