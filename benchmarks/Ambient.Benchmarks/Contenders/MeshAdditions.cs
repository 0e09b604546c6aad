using System.Collections.Immutable;
using Ambient.Core.Workloads;
using Google.Protobuf;

namespace Ambient.Benchmarks.Contenders;

/// <summary>What a benchmark's mesh has besides two captured pods.</summary>
/// <param name="Change">Applied to each pod's workload.</param>
internal sealed record MeshAdditions(Func<Workload, Workload> Change, ImmutableArray<(string Type, string Name, IMessage Message)> Resources);
