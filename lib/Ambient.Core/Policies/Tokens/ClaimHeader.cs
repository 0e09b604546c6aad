namespace Ambient.Core.Policies.Tokens;

/// <summary>A claim that goes on as a header.</summary>
/// <param name="Header">Lower-case.</param>
/// <param name="Claim">Name, or names joined by dots for one inside others: <c>realm.role</c>.</param>
public readonly record struct ClaimHeader(string Header, string Claim);
