"""Reading many archives: processes on this machine, or Spark, with the same functions, into the same tables.

    report = run.read([Path("a.wacz"), Path("b.warc.gz")], Path("facts"))
    report.pages                                # how many pages were read

An archive is a unit of work. What a unit gives is written apart and moved into place whole, so a run that was killed goes on
where it was; when all units are there, they are put together in the order of the paths.
"""
