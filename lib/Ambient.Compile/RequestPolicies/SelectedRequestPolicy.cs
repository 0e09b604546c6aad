using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;

namespace Ambient.Compile.RequestPolicies;

/// <summary>An AuthorizationPolicy as waypoints enforce it, with the labels of the workloads that it selects; no labels: as its targets say.</summary>
public sealed record SelectedRequestPolicy(RequestPolicy Policy, ImmutableSortedDictionary<string, string> Selector);
