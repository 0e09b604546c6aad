using System.Collections.Immutable;

namespace Ambient.Shop.Roles;

/// <summary>A request as a role sees it; headers are those to hand on.</summary>
internal sealed record RoleRequest(string Method, string Path, string Body, ImmutableArray<(string Name, string Value)> Headers);
