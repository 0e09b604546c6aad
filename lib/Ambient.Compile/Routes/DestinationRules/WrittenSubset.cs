using System.Collections.Immutable;

namespace Ambient.Compile.Routes.DestinationRules;

internal sealed record WrittenSubset(string Name, ImmutableSortedDictionary<string, string> Labels, WrittenPolicies? Policies);
