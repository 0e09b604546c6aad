namespace Ambient.Core.Policies.Requests;

/// <param name="Key">As <see cref="RequestPolicyTargetKind"/> says; empty where that needs none.</param>
public sealed record RequestPolicyTarget(RequestPolicyTargetKind Kind, string Key = "");
