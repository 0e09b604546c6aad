namespace Ambient.Compile.Gateways;

/// <summary>
/// Why what a Gateway needs could not be made. <paramref name="Reason"/>: of the condition Programmed (<c>NoResources</c>, <c>Pending</c>),
/// or <see cref="InvalidParameters"/>, which is one of Accepted. <paramref name="Message"/> says the fix.
/// </summary>
public sealed record ProvisioningProblem(string Reason, string Message)
{
    public const string InvalidParameters = "InvalidParameters";
}
