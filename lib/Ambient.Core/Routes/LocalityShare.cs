using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>Of requests from <paramref name="From"/> (<c>region/zone/*</c>), the percentage for each place.</summary>
public sealed record LocalityShare(string From, ImmutableSortedDictionary<string, uint> To);
