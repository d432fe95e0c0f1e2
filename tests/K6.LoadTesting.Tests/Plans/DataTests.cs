using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class DataTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />";
    private readonly DeclaredProject project = new();

    public DataTests() => File.WriteAllText(project.PathOf("users.csv"), "id\n1\n");

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void A_data_file_and_a_generator_arrive_in_the_plan()
    {
        File.WriteAllText(project.PathOf("orders.tsv"), "");

        var data = project.Plan(
            $"{Scenario}<K6Data Include='users.csv' Columns='id:integer, role:admin|member?' Seed='7' /><K6Data Include='orders.tsv' Name='old-orders' />"
            + "<K6Data Include='customers' Generate='id: sequence' Count='10' Seed='1' />").Data;

        Assert.AreEqual("users Csv , 7|old-orders Csv \t |customers Generated , 1", string.Join('|', data.Select(one => $"{one.Name} {one.Format} {one.Delimiter} {one.Seed}")));
        Assert.AreEqual("id Whole False , role Choice True admin/member", string.Join(", ", data[0].Columns.Select(column => $"{column.Name} {column.Type} {column.Optional} {string.Join('/', column.Choices)}")));
    }

    [TestMethod]
    [DataRow("▶<K6Data Include='user.csv' />", "KSDK0180", "Did you mean 'users.csv'?")]
    [DataRow("▶<K6Data Include='notes.md' />", "KSDK0181", ".csv")]
    [DataRow("▶<K6Data Include='customers' />", "KSDK0181", "Generate")]
    [DataRow("<K6Data Include='users.csv' /><K6Data Include='users.csv' ▶Name='Users' />", "KSDK0182", "another Name")]
    [DataRow("<K6Data Include='users.csv' ▶Count='5' />", "KSDK0183", "generated data")]
    [DataRow("▶<K6Data Include='c' Generate='id:sequence' />", "KSDK0183", "Count=\"1000\"")]
    [DataRow("<K6Data Include='c' Generate='id:sequence' ▶Count='0' />", "KSDK0104", "1 or more")]
    [DataRow("<K6Data Include='users.csv' ▶Columns='id:int' />", "KSDK0104", "integer")]
    [DataRow("<K6Data Include='users.csv' ▶Columns='id' />", "KSDK0104", "name: type")]
    [DataRow("<K6Data Include='users.csv' ▶Delimiter=';;' />", "KSDK0104", "one character")]
    [DataRow("<K6Data Include='users.csv' ▶Separator=';' />", "KSDK0103", "Delimiter")]
    [DataRow("<K6Data Include='users.csv' ▶Name='a/b' />", "KSDK0112", "k6-data/NAME")]
    public void A_mistake_in_the_declaration_is_an_error_at_its_place(string xml, string code, string words) =>
        project.Reports(xml + Scenario, Rules.All.Single(rule => rule.Code == code), words);
}
