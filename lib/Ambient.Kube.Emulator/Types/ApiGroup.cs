using System.Collections.Immutable;

namespace Ambient.Kube.Emulator.Types;

/// <summary>A group and its served versions, the preferred first.</summary>
internal sealed record ApiGroup(string Name, ImmutableArray<string> Versions);
