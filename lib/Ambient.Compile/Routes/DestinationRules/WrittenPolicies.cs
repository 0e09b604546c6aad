using System.Collections.Immutable;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>A trafficPolicy and its portLevelSettings.</summary>
internal sealed record WrittenPolicies(WrittenPolicy Policy, ImmutableSortedDictionary<int, WrittenPolicy> Ports);
